// Sends a meeting's records in order and forgets each when the server says it is on its disk.
// Events: `change` (see `state` and `waiting`). States: connecting, sending, login, refused, device, taken, ended.

import { get, post, Problem } from "./api.js";

const WINDOW = 256;
const BATCH = 32;
const MAX_BUFFERED = 1_000_000;
const FIRST_WAIT = 250;
const LONGEST_WAIT = 5_000;
const STOPS = { device: "device", taken: "taken", ended: "ended" };

export class Sender extends EventTarget {
  constructor(spool, meeting) {
    super();
    this.spool = spool;
    this.id = meeting.id;
    this.info = meeting.info;
    this.next = meeting.next;
    this.acked = -1;
    this.state = "connecting";
    this.problem = null;
    this.wait = FIRST_WAIT;
    this.stopped = false;
    this.takeover = false;
    this.online = () => this.hurry();
  }

  get waiting() {
    return Math.max(0, this.next - 1 - this.acked);
  }

  async start() {
    const lowest = await this.spool.lowest(this.id);
    this.acked = (lowest ?? this.next) - 1;
    window.addEventListener("online", this.online);
    this.connect();
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    window.removeEventListener("online", this.online);
    this.socket?.close();
  }

  // A new record lies in the spool.
  grown(next) {
    this.next = next;
    this.pump();
  }

  takeOver() {
    this.takeover = true;
    this.stopped = false;
    this.connect();
  }

  hurry() {
    if (this.state !== "connecting" || this.stopped) return;
    clearTimeout(this.timer);
    this.wait = FIRST_WAIT;
    if (!this.socket) this.connect();
  }

  set(state, problem = null) {
    this.state = state;
    this.problem = problem;
    this.dispatchEvent(new Event("change"));
  }

  async connect() {
    if (this.stopped || this.socket) return;
    try {
      await this.tellOfMeeting();
    } catch (error) {
      if (error instanceof Problem && error.status === 401) this.set("login");
      else if (error instanceof Problem && error.status < 500) return this.set("refused", { what: error.message, mend: error.mend });
      return this.later();
    }
    const socket = (this.socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/ws/audio`));
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      const hello = { type: "hello", meeting: this.id, token: "", device: this.spool.device, from: this.acked + 1 };
      socket.send(JSON.stringify({ ...hello, takeover: this.takeover }));
    };
    socket.onmessage = (event) => this.heard(JSON.parse(event.data));
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.socket = null;
      this.at = undefined;
      if (!this.stopped) this.lost();
    };
  }

  // A meeting begun without a network is told of before its sound is sent.
  async tellOfMeeting() {
    if (!this.info.pending) return;
    await post(`/cases/${this.info.caseId}/meetings`, this.info.pending);
    delete this.info.pending;
    await this.spool.rewrite(this.id, this.info);
  }

  async lost() {
    this.set("connecting");
    try {
      const meeting = await get(`/meetings/${this.id}/frame`);
      if (meeting.status !== "live") return this.finished();
    } catch (error) {
      if (error instanceof Problem && error.status === 401) this.set("login");
      else if (error instanceof Problem && error.status < 500) this.set("refused", { what: error.message, mend: error.mend });
    }
    this.later();
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), this.wait);
    this.wait = Math.min(2 * this.wait, LONGEST_WAIT);
  }

  async heard(message) {
    if (message.type === "ready") {
      this.takeover = false;
      this.wait = FIRST_WAIT;
      await this.drop(message.next - 1);
      if (message.ended) return this.finished();
      this.at = message.next;
      this.set("sending");
      this.pump();
    } else if (message.type === "ack") {
      await this.drop(message.upto);
      this.pump();
      if (this.ending !== undefined && this.acked >= this.ending) this.finished();
    } else if (message.type === "error" && message.code in STOPS) {
      if (message.code === "ended") return this.finished();
      this.stopped = true;
      this.set(STOPS[message.code], message);
    } else if (message.type === "error" && message.code === "refused") {
      this.problem = message;
    }
  }

  async drop(upto) {
    if (upto <= this.acked) return;
    this.acked = upto;
    await this.spool.forget(this.id, upto);
    this.dispatchEvent(new Event("change"));
  }

  // The server holds the meeting to its end, or has closed it: the device keeps nothing.
  async finished() {
    if (this.state === "ended") return;
    this.stopped = true;
    await this.spool.drop(this.id);
    this.set("ended");
    this.stop();
  }

  async pump() {
    if (this.pumping) return;
    this.pumping = true;
    try {
      while (this.ready() && this.at < this.next && this.at - this.acked < WINDOW) {
        if (this.socket.bufferedAmount > MAX_BUFFERED) {
          await new Promise((ok) => setTimeout(ok, 100));
          continue;
        }
        const records = await this.spool.read(this.id, this.at, BATCH);
        if (!records.length) break;
        for (const { seq, payload } of records) {
          if (!this.ready() || seq !== this.at) break;
          this.socket.send(payload);
          this.at = seq + 1;
        }
      }
    } finally {
      this.pumping = false;
    }
  }

  ready() {
    return this.at !== undefined && this.socket?.readyState === WebSocket.OPEN;
  }
}
