// Takes of an answer: recorded on request, the last two of each story, gone with the page.
const WINDOW = 0.1, SILENCE = 1, RATE = 8000; // seconds, seconds, samples a second
const takes = new Map();
let stream, recorder, chunks, stopped, wantsTake = false;
const takesOf = (story) => takes.get(story) ?? [];

// Asks for the microphone; says what came of it. An old browser has neither that nor a recorder.
const askMicrophone = async () => {
  // A microphone may be gone since it was last asked for.
  if (!stream?.active) stream = undefined;
  try { stream ??= MediaRecorder && await navigator.mediaDevices.getUserMedia({ audio: true }); } catch ({ name }) {
    return name === "NotAllowedError" ? "micRefused" : "micNone";
  }
  return "micReady";
};
const closeMicrophone = () => {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = recorder = undefined;
};
const record = () => {
  if (!stream || !wantsTake) return;
  chunks = [];
  try {
    recorder = new MediaRecorder(stream);
    recorder.ondataavailable = ({ data }) => chunks.push(data);
    stopped = new Promise((done) => { recorder.onstop = done; });
    recorder.start();
  } catch { closeMicrophone(); }
};
const cancelTake = () => {
  recorder?.stop();
  recorder = undefined;
};
const holdTake = (on) => { if (recorder && recorder.state !== "inactive") recorder[on ? "resume" : "pause"](); };

// The silences of a second or more: what is not loud against the loud parts of this take.
const silences = async (blob) => {
  const sound = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(await blob.arrayBuffer());
  const samples = sound.getChannelData(0), size = RATE * WINDOW, loud = [], gaps = [];
  for (let at = 0; at < samples.length; at += size) {
    loud.push(Math.hypot(...samples.subarray(at, at + size)) / size ** 0.5);
  }
  const least = max(0.15 * [...loud].sort((a, b) => a - b)[Math.floor(loud.length * 0.9)], 0.004);
  let from = 0;
  [...loud, 1].forEach((value, i) => {
    if (value < least) return;
    if ((i - from) * WINDOW >= SILENCE) gaps.push([from * WINDOW, i * WINDOW]);
    from = i + 1;
  });
  return gaps;
};
// Ends the take of a story; its parts ended at `marks`.
const finishTake = async (story, marks) => {
  if (!recorder) return;
  const { mimeType } = recorder;
  cancelTake();
  await stopped;
  const blob = new Blob(chunks, { type: mimeType }), [last] = takesOf(story);
  const take = { number: (last?.number ?? 0) + 1, blob, url: URL.createObjectURL(blob), marks, seconds: max(marks.at(-1), 0.1), gaps: [] };
  await silences(blob).then((gaps) => { take.gaps = gaps; }, () => { take.deaf = true; });
  for (const old of takesOf(story).slice(1)) dropTake(story, old);
  takes.set(story, [take, ...takesOf(story)]);
};
const dropTake = (story, take) => {
  URL.revokeObjectURL(take.url);
  takes.set(story, takesOf(story).filter((it) => it !== take));
};
