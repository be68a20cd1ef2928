// Asks the server. Throws Problem with the server's own Swedish words, or Offline when nobody answers.

export class Problem extends Error {
  constructor(status, body) {
    super(body.title ?? String(status));
    this.status = status;
    this.code = body.code ?? "";
    this.mend = body.mend ?? "";
  }
}

export class Offline extends Error {}

const WRONG_MS = 120_000;
let ahead = 0;

// Whether this device's clock and the server's differed by more than two minutes at the latest answer.
export const clockIsWrong = () => Math.abs(ahead) > WRONG_MS;

async function ask(method, path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      cache: "no-store",
    });
  } catch {
    throw new Offline("offline");
  }
  const told = Date.parse(answer.headers.get("date") ?? "");
  if (told) ahead = Date.now() - told;
  if (!answer.ok) throw new Problem(answer.status, await answer.json().catch(() => ({})));
  return answer;
}

const json = async (method, path, body) => {
  const answer = await ask(method, `/api/v1${path}`, body);
  const text = await answer.text();
  return text ? JSON.parse(text) : null;
};

export const get = (path) => json("GET", path);
export const post = (path, body = {}) => json("POST", path, body);
export const put = (path, body) => json("PUT", path, body);
export const sound = async (path) => (await ask("GET", `/api/v1${path}`)).blob();
export const logout = () => ask("POST", "/auth/logout", {});
export const login = (person, code) => ask("POST", "/auth/code", { person, code });
export const ways = async () => (await ask("GET", "/auth/how")).json();
