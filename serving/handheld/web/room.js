// One meeting on this device: microphone, spool, sender. Numbers every record and counts samples.
// Events: `change`. Only one tab records a meeting: see `enter`.

import { Recorder } from "./recorder.js";
import { Sender } from "./sender.js";
import { frame } from "./wire.js";

const RATE = 16000;
const MINUTE = 60 * RATE;

// Resolves with a room once this tab alone holds the meeting, or with null when another tab does.
export async function enter(spool, meeting) {
  const granted = await new Promise((ok) => {
    navigator.locks.request(`meeting-${meeting.id}`, { ifAvailable: true }, (lock) => {
      if (!lock) return ok(null);
      return new Promise((leave) => ok(leave));
    });
  });
  if (granted === null) return null;
  const room = new Room(spool, meeting, granted);
  await room.sender.start();
  return room;
}

class Room extends EventTarget {
  constructor(spool, meeting, leave) {
    super();
    this.spool = spool;
    this.id = meeting.id;
    this.info = meeting.info;
    this.next = meeting.next;
    this.samples = meeting.samples;
    this.lastMs = meeting.lastMs;
    this.struck = meeting.struck ?? [];
    this.state = meeting.state === "ended" ? "ended" : meeting.next ? "interrupted" : "ready";
    this.speaker = meeting.speaker ?? null;
    this.level = 0;
    this.checksums = [];
    this.trouble = null;
    this.leaveLock = leave;
    this.recorder = new Recorder(() => this.lastMs);
    this.recorder.addEventListener("piece", (event) => this.keepPiece(event.detail));
    this.recorder.addEventListener("lost", () => this.microphoneLost());
    this.recorder.addEventListener("found", (event) => this.microphoneFound(event.detail.captureMs));
    this.sender = new Sender(spool, meeting);
    this.sender.addEventListener("change", () => this.changed());
    if (this.state === "ended") this.sender.ending = this.next - 1;
  }

  get elapsedMs() {
    return (this.samples * 1000) / RATE;
  }

  // A dictation: nobody else is to be told apart.
  get alone() {
    return this.info.participants.length === 1;
  }

  // The device's clock, which may be set back while a meeting is held: never before what is already kept.
  get nowMs() {
    return Math.max(Date.now(), this.lastMs);
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }

  async record() {
    const interrupted = this.state === "interrupted";
    const paused = this.state === "paused";
    try {
      await this.recorder.start();
    } catch (error) {
      this.trouble = error.name === "NotAllowedError" ? "mic_refused" : "mic_missing";
      this.recorder.stop();
      this.changed();
      return false;
    }
    this.trouble = null;
    navigator.storage?.persist?.().catch(() => {});
    // What was not recorded while the page was away is a marked gap, from the last sample that was kept.
    if (interrupted && this.samples) await this.event("pause", {}, this.lastMs);
    if (paused || (interrupted && this.samples)) await this.event("resume");
    if (this.alone && !this.speaker) await this.tap(this.info.participants[0].id);
    this.state = "recording";
    this.changed();
    return true;
  }

  async pause() {
    if (this.state !== "recording") return;
    this.state = "paused";
    this.recorder.stop();
    this.level = 0;
    if (!this.recorder.lost) await this.event("pause");
    this.recorder.lost = false;
    this.changed();
  }

  async tap(speaker) {
    this.speaker = speaker;
    await this.event("turn", { speaker });
    await this.spool.change(this.id, (row) => ({ ...row, speaker }));
  }

  mark() {
    return this.event("mark");
  }

  // Takes back the last minute before anybody has confirmed anything of it.
  async strike() {
    if (!this.samples) return;
    const since = Math.max(0, this.samples - MINUTE);
    this.struck.push([(since * 1000) / RATE, this.elapsedMs]);
    await this.event("strike", { since }, this.nowMs, { struck: this.struck });
  }

  async end() {
    if (this.state === "ended") return;
    this.recorder.stop();
    this.state = "ended";
    this.level = 0;
    this.sender.ending = this.next;
    await this.event("end", {}, this.nowMs, { state: "ended" });
  }

  leave() {
    this.recorder.stop();
    this.sender.stop();
    this.leaveLock();
  }

  async keepPiece({ pcm, captureMs, peak }) {
    if (this.state !== "recording") return;
    const seq = this.next++;
    this.samples += pcm.length;
    this.lastMs = captureMs + (pcm.length * 1000) / RATE;
    this.level = peak;
    const bytes = frame(seq, captureMs, pcm);
    this.checksums.push([seq, new DataView(bytes.buffer).getUint32(13)]);
    await this.keep(seq, bytes);
  }

  event(type, more = {}, at = this.nowMs, standing = {}) {
    const seq = this.next++;
    const message = { type, seq, sample: this.samples, at_ms: Math.round(at), ...more };
    return this.keep(seq, JSON.stringify(message), standing);
  }

  async keep(seq, payload, standing = {}) {
    const { samples, lastMs } = this;
    try {
      await this.spool.append(this.id, seq, payload, { samples, lastMs, ...standing });
      this.sender.grown(seq + 1);
    } catch {
      await this.full();
    }
    this.changed();
  }

  // What could not be kept is not counted: the meeting goes on from the last record that was.
  async full() {
    this.trouble = "storage_full";
    this.recorder.stop();
    this.state = "interrupted";
    const kept = await this.spool.meeting(this.id);
    if (kept) ({ next: this.next, samples: this.samples, lastMs: this.lastMs } = kept);
  }

  microphoneLost() {
    this.trouble = "mic_lost";
    this.level = 0;
    this.event("pause", {}, this.lastMs);
  }

  async microphoneFound(captureMs) {
    this.trouble = null;
    await this.event("resume", {}, captureMs);
  }
}
