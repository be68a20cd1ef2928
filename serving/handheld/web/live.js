// What the server has heard of a meeting: first all of it, then each news. Connects again by itself.
// Events: `change`, `ended`.

const LONGEST_WAIT = 5_000;

export class Live extends EventTarget {
  constructor(id) {
    super();
    this.id = id;
    this.utterances = new Map();
    this.observations = [];
    this.acute = new Map();
    this.gaps = [];
    this.hearing = "";
    this.trouble = "";
    this.over = false;
    this.wait = 250;
    this.stopped = false;
  }

  start() {
    const socket = (this.socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/ws/screen/${this.id}`));
    socket.onmessage = (event) => this.take(JSON.parse(event.data));
    socket.onclose = () => {
      if (this.stopped || this.over || this.socket !== socket) return;
      this.timer = setTimeout(() => this.start(), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    };
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    this.socket?.close();
  }

  take(news) {
    switch (news.type) {
      case "all":
        this.wait = 250;
        this.all(news.meeting);
        break;
      case "hearing":
        this.hearing = news.text;
        break;
      case "said":
        this.hearing = "";
        this.utterances.set(news.utterance.id, news.utterance);
        break;
      case "noted":
        this.observations = news.observations;
        for (const signal of news.acute) this.acute.set(signal.id, { ...this.acute.get(signal.id), ...signal, seen: this.acute.get(signal.id)?.seen });
        break;
      case "quiet":
        this.gaps.push(news);
        if (news.kind === "struck") this.strike(news.start_ms, news.end_ms);
        break;
      case "trouble":
        this.trouble = news.what;
        break;
      case "ended":
        this.finish();
        return;
    }
    this.dispatchEvent(new Event("change"));
  }

  all(meeting) {
    this.meeting = meeting;
    this.utterances = new Map(meeting.utterances.map((utterance) => [utterance.id, utterance]));
    this.observations = meeting.observations;
    this.acute = new Map(meeting.acute.map((signal) => [signal.id, { ...signal, seen: signal.seen_by.length > 0 }]));
    this.gaps = meeting.gaps;
    this.trouble = "";
    if (meeting.status !== "live") this.finish();
  }

  see(ids) {
    for (const id of ids) this.acute.set(id, { ...this.acute.get(id), seen: true });
  }

  strike(from, to) {
    const inside = (span) => span.start_ms < to && span.end_ms > from;
    for (const [id, utterance] of this.utterances) if (inside(utterance)) this.utterances.delete(id);
    for (const [id, signal] of this.acute) if (inside(signal.quote)) this.acute.delete(id);
    this.observations = this.observations.filter((observation) => !inside(observation.quote));
  }

  finish() {
    this.hearing = "";
    this.over = true;
    this.dispatchEvent(new Event("change"));
    this.dispatchEvent(new Event("ended"));
  }
}
