/** An answer that a test gives when it likes to. */
export type Later<T> = {
  answer: Promise<T>;
  give: (value: T) => void;
  refuse: (failure: unknown) => void;
};

export function later<T>(): Later<T> {
  let give: (value: T) => void = () => {};
  let refuse: (failure: unknown) => void = () => {};
  const answer = new Promise<T>((resolve, reject) => ([give, refuse] = [resolve, reject]));
  return { answer, give, refuse };
}
