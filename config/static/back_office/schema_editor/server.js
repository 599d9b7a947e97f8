// What the editor asks of the server. Every answer is JSON; refusals become `Refusal`.

/** The server said no. `subCode` and `properties` are those of the API's errors. */
export class Refusal extends Error {
  constructor(status, body) {
    super(body.message ?? "");
    this.status = status;
    this.subCode = body.subCode;
    this.properties = body.properties ?? {};
  }
}

export class Server {
  #urls;
  #token;
  #items = new Map();

  constructor(urls, token) {
    this.#urls = urls;
    this.#token = token;
  }

  /** `{errors, schema, fields, layout, changes}` of a draft. */
  judge(schema, language) {
    return this.#post(this.#urls.judge, { schema, language });
  }

  /** The items in use of a list; asked for once, unless that fails. */
  items(list, language) {
    const query = new URLSearchParams({ list, language });
    const url = `${this.#urls.items}?${query}`;
    if (!this.#items.has(url)) {
      const items = this.#send(url, {}).then((answer) => answer.items);
      items.catch(() => this.#items.delete(url));
      this.#items.set(url, items);
    }
    return this.#items.get(url);
  }

  save(sent) {
    return this.#post(this.#urls.save, sent);
  }

  /** A stored version, with what it changed since another. */
  version(token, since) {
    return this.#send(`${this.#urls.versions}${token}/?${new URLSearchParams({ since })}`, {});
  }

  startCheck(sent) {
    return this.#post(this.#urls.check, sent);
  }

  check(checkId) {
    return this.#send(`${this.#urls.check}${checkId}/`, {});
  }

  async #post(url, body) {
    const send = () =>
      this.#send(url, {
        method: "POST",
        body: JSON.stringify(body),
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.#token },
      });
    try {
      return await send();
    } catch (error) {
      // Who signed in again in another window has another token; the draft must not be lost for it.
      if (!(error instanceof Refusal) || error.subCode || error.status !== 403) throw error;
      await this.#renewToken();
      return send();
    }
  }

  async #send(url, options) {
    const answer = await reached(url, options);
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    const body = isJson ? await answer.json() : {};
    if (!answer.ok) throw new Refusal(answer.status, body);
    return body;
  }

  async #renewToken() {
    const page = await (await reached(window.location.href)).text();
    const data = new DOMParser().parseFromString(page, "text/html").getElementById("editor-data");
    if (data) this.#token = JSON.parse(data.textContent).csrfToken;
  }
}

/** The answer of the server itself: to be sent elsewhere is to be signed out. */
function reached(url, options = {}) {
  return fetch(url, { credentials: "same-origin", redirect: "error", ...options }).catch(() => {
    throw new Refusal(0, { subCode: "SignedOut" });
  });
}
