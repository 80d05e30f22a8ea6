/** The operations of the gallery: the catalog as it is. */
import type { Code } from "../src/types";
import catalog from "../tests/catalog.json";

type Has = (word: string) => boolean;
type Answers = Record<string, (args: Record<string, never>) => unknown>;

export function consoleAnswers(
  has: Has,
  never: Promise<never>,
  refuse: (code: Code, message: string, hint: string) => Promise<never>,
): Answers {
  return {
    operations: () => (has("loading") ? never : catalog),
    show_operation: () => ({
      method: "POST",
      url: "https://sandbox.privicore.com:9009/data-token/reserve-token-space",
      headers: [
        ["X-DPT-AUTHORIZATION", "***"],
        ["Content-Type", "application/x-www-form-urlencoded"],
      ],
      body: "context=documents",
    }),
    call_operation: () => ({
      status: 202,
      headers: [["X-DPT-CAB-ID", "0b3f9a52-6a4e-4d0c-9a57-1f1a3f6f4c11"]],
      command: "0b3f9a52-6a4e-4d0c-9a57-1f1a3f6f4c11",
      body: '{\n  "commandId": "0b3f9a52-6a4e-4d0c-9a57-1f1a3f6f4c11"\n}',
      length: 57,
      isCut: false,
      isHeld: false,
      elapsedMs: 24,
    }),
    settle_operation: () =>
      has("rejected")
        ? refuse(
            "rejected",
            "The service rejected the command: policy.refused.",
            "Nothing was changed. Check that you may do this, then try again.",
          )
        : never,
    copy_operation: () => null,
  };
}
