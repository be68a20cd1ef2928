// The microphone to 16 kHz PCM16 in pieces of 200 ms. Runs in the audio thread.

const RATE = 16000;
const PIECE = 3200;
const TAPS = 32;

class Pieces extends AudioWorkletProcessor {
  constructor() {
    super();
    this.piece = new Int16Array(PIECE);
    this.filled = 0;
    this.peak = 0;
    this.ratio = sampleRate / RATE;
    this.past = new Float32Array(0);
    this.at = 0;
  }

  process([input]) {
    const samples = input[0];
    if (!samples) return true;
    if (this.ratio === 1) for (const sample of samples) this.take(sample);
    else this.resample(samples);
    return true;
  }

  // A windowed sinc at the lower of the two rates, for browsers whose microphone keeps its own rate.
  resample(samples) {
    const joined = new Float32Array(this.past.length + samples.length);
    joined.set(this.past);
    joined.set(samples, this.past.length);
    const half = Math.ceil((TAPS / 2) * Math.max(1, this.ratio));
    const cut = Math.min(1, 1 / this.ratio);
    while (this.at + half < joined.length) {
      const middle = this.at;
      let sum = 0;
      for (let n = Math.max(0, Math.ceil(middle - half)); n <= middle + half; n++) {
        const x = (n - middle) * cut;
        const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
        const window = 0.5 + 0.5 * Math.cos((Math.PI * (n - middle)) / half);
        sum += joined[n] * sinc * window * cut;
      }
      this.take(sum);
      this.at += this.ratio;
    }
    const kept = Math.max(0, Math.floor(this.at) - half);
    this.past = joined.slice(kept);
    this.at -= kept;
  }

  take(sample) {
    const bounded = Math.max(-1, Math.min(1, sample));
    this.peak = Math.max(this.peak, Math.abs(bounded));
    this.piece[this.filled++] = bounded < 0 ? bounded * 32768 : bounded * 32767;
    if (this.filled < PIECE) return;
    const piece = this.piece.slice();
    this.port.postMessage({ pcm: piece, peak: this.peak }, [piece.buffer]);
    this.filled = 0;
    this.peak = 0;
  }
}

registerProcessor("pieces", Pieces);
