/** Of several answers that are awaited, none is taken after that of a later request. */
export class RequestGuard {
  #asked = 0;
  #taken = 0;

  /** Begins a request. What it returns tells, once the answer is there, whether to take it. */
  begin(): () => boolean {
    const asked = ++this.#asked;
    return () => {
      if (asked < this.#taken) return false;
      this.#taken = asked;
      return true;
    };
  }

  /** Answers that are still awaited are out of date. */
  invalidate(): void {
    this.#taken = ++this.#asked;
  }
}
