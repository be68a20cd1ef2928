// The bytes of serving/ingest/frames.py: version, number, capture time, CRC-32, then PCM16 little-endian.

const VERSION = 0xa1;
export const HEADER = 17;

const TABLE = new Uint32Array(256).map((_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

export function crc32(bytes, start = 0) {
  let c = ~start >>> 0;
  for (const byte of bytes) c = TABLE[(c ^ byte) & 255] ^ (c >>> 8);
  return ~c >>> 0;
}

export function frame(seq, captureMs, pcm) {
  const bytes = new Uint8Array(HEADER + pcm.byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, VERSION);
  view.setUint32(1, seq);
  view.setBigUint64(5, BigInt(captureMs));
  bytes.set(new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength), HEADER);
  view.setUint32(13, crc32(bytes.subarray(HEADER), crc32(bytes.subarray(0, 13))));
  return bytes;
}
