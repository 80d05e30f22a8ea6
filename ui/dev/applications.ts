/** The OAuth applications of the gallery. */
import type { Application, Applications, Code } from "../src/types";

type Has = (word: string) => boolean;
type Refuse = (code: Code, message: string, hint: string) => Promise<never>;
type Answers = Record<string, (args: Record<string, never>) => unknown>;

const application = (at: number, over: Partial<Application>): Application => ({
  id: `2d4a0c${at}e-91b7-4c3e-8a55-0f6e1d2c3b4${at}`,
  name: `Application ${at}`,
  redirectUri: "https://reports.example.com/back",
  scopes: ["data-token", "device"],
  registeredAt: Date.now() - at * 86_400_000 * 9,
  ...over,
});

const all = [
  application(1, { name: "Monthly reports" }),
  application(2, {
    name: "Backup of the office, with a name that is rather long so that it has to be broken",
    scopes: ["all"],
    redirectUri: "http://127.0.0.1:8765/callback",
  }),
  application(3, { name: null, redirectUri: null, registeredAt: null, scopes: ["storage"] }),
];

const UNSURE = [
  "not_confirmed",
  "It was sent, but whether the service did it is not known.",
  "Refresh the list to see. Do not send it again before.",
] as const;

export function applicationAnswers(has: Has, never: Promise<never>, refuse: Refuse): Answers {
  const first = all[0] as Application;
  const view = (): Applications => ({
    applications: has("none") ? [] : all,
    held: has("secret")
      ? [{ application: first.id, clientId: "0f6e1d2c-91b7-4c3e-8a55-2d4a0c3b4e11" }]
      : [],
  });
  return {
    applications: () =>
      has("loading")
        ? never
        : has("offline")
          ? refuse(
              "offline",
              "The service at sandbox.privicore.com:9009 cannot be reached.",
              "Check the network connection and the address, then try again. Nothing was sent.",
            )
          : view(),
    register_application: () => (has("unheard") ? refuse(...UNSURE) : never),
    take_application_secret: () =>
      refuse(
        "secret_told_already",
        "The service has told this application's secret already; it tells it once.",
        "Use the copy that was made then. If there is none, register the application anew.",
      ),
    show_application_secret: () => "kq3Zt0vB1f7yWn0m8E5H4xk3gQ9cJEiZo4R6tKx3CwY",
    copy_application_secret: () => 30,
    save_application_secret: () => true,
    let_application_in: () => "7c1f0d9e-4b8a-4f2e-9c3d-51e0a7b2d9f1",
  };
}
