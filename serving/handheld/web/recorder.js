// The microphone. Events: `piece` ({pcm, captureMs, peak}), `lost`, `found`.
// A pause lets go of the microphone altogether, so that the device's own light goes out.

const RATE = 16000;
const LOOK_MS = 500;
// Counted in looks, not by the clock: where the page itself stood still, what the microphone took waits in line.
const SILENT_LOOKS = 3;

export class Recorder extends EventTarget {
  // `floor` gives the time (ms) before which no sound is said to have been taken, however the clock is set.
  constructor(floor) {
    super();
    this.floor = floor;
    this.running = false;
    this.lost = false;
  }

  // Rejects with the browser's own error when the microphone is refused or missing.
  async start() {
    const wanted = { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: true };
    this.stream = await navigator.mediaDevices.getUserMedia({ audio: wanted });
    const track = this.stream.getAudioTracks()[0];
    track.onended = track.onmute = () => this.lose();
    track.onunmute = () => this.watch();
    await this.connect();
    this.running = true;
    this.silent = 0;
    this.anchor = null;
    this.timer = setInterval(() => this.watch(), LOOK_MS);
    await this.stayAwake();
  }

  async connect() {
    try {
      this.context = new AudioContext({ sampleRate: RATE });
      await this.context.audioWorklet.addModule(new URL("./worklet.js", import.meta.url));
      this.source = this.context.createMediaStreamSource(this.stream);
    } catch (error) {
      if (error.name !== "NotSupportedError") throw error;
      this.context = new AudioContext();
      await this.context.audioWorklet.addModule(new URL("./worklet.js", import.meta.url));
      this.source = this.context.createMediaStreamSource(this.stream);
    }
    this.node = new AudioWorkletNode(this.context, "pieces", { numberOfInputs: 1, numberOfOutputs: 0 });
    this.node.port.onmessage = (event) => this.piece(event.data);
    this.source.connect(this.node);
    await this.context.resume();
  }

  stop() {
    this.running = false;
    clearInterval(this.timer);
    this.node?.port.close();
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    if (this.context && this.context.state !== "closed") this.context.close();
    this.wake?.release().catch(() => {});
    this.wake = null;
  }

  piece({ pcm, peak }) {
    if (!this.running) return;
    const now = Date.now();
    const length = (pcm.length * 1000) / RATE;
    if (this.anchor === null || this.lost) this.anchor = { at: Math.max(now - length, this.floor()), samples: 0 };
    const captureMs = Math.round(this.anchor.at + (this.anchor.samples * 1000) / RATE);
    this.anchor.samples += pcm.length;
    this.silent = 0;
    if (this.lost) {
      this.lost = false;
      this.dispatchEvent(new CustomEvent("found", { detail: { captureMs } }));
    }
    this.dispatchEvent(new CustomEvent("piece", { detail: { pcm, captureMs, peak } }));
  }

  watch() {
    if (!this.running) return;
    if (this.context.state !== "running") this.context.resume().catch(() => {});
    if (++this.silent > SILENT_LOOKS) this.lose();
    if (document.visibilityState === "visible" && !this.wake) this.stayAwake();
  }

  lose() {
    if (!this.running || this.lost) return;
    this.lost = true;
    this.dispatchEvent(new Event("lost"));
  }

  async stayAwake() {
    try {
      this.wake = await navigator.wakeLock?.request("screen");
      this.wake?.addEventListener("release", () => (this.wake = null));
    } catch {
      this.wake = null;
    }
  }
}
