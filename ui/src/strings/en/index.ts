import { acts } from "./acts";
import { activity } from "./activity";
import { applications } from "./applications";
import { approvals } from "./approvals";
import { attention } from "./attention";
import { common } from "./common";
import { console } from "./console";
import { devices } from "./devices";
import { directories } from "./directories";
import { files } from "./files";
import { operations } from "./operations";
import { policies } from "./policies";
import { profile } from "./profile";
import { rule } from "./rule";
import { security } from "./security";
import { settings } from "./settings";
import { start } from "./start";
import { transfers } from "./transfers";
import { votes } from "./votes";
import { workspace } from "./workspace";

/**
 * Every word the page says. `{name}` is filled in by `t()`; a pair {one, other} is chosen by
 * number.
 */
export const en = {
  ...common,
  ...start,
  ...workspace,
  ...activity,
  ...operations,
  ...applications,
  ...approvals,
  ...attention,
  ...votes,
  ...policies,
  ...rule,
  ...console,
  ...directories,
  ...devices,
  ...profile,
  ...security,
  ...settings,
  ...files,
  ...acts,
  ...transfers,
} as const;
