/** What is being done to rows, while the service is asked. */
export type ChangeKind = "rename" | "move" | "label";
