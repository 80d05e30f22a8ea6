/** Of several answers that are awaited, none is taken after that of a later question. */
export class Latest {
  #asked = 0;
  #taken = 0;

  /** Something is asked. What is answered tells, once the answer is there, whether it is taken. */
  ask(): () => boolean {
    const asked = ++this.#asked;
    return () => {
      if (asked < this.#taken) return false;
      this.#taken = asked;
      return true;
    };
  }

  /** What is still asked for is out of date. */
  lookAway(): void {
    this.#taken = ++this.#asked;
  }
}
