/**
 * kprep from a program: the workflows behind the commands, with typed results, without a terminal. Nothing here ends the
 * process or prints; what a person can act on is thrown as a KprepError with its code, exit status and suggestions.
 */
import type { SyncReport } from "./report/sync/sync-report.ts";
import { type SyncRequest, sync } from "./workflows/sync/index.ts";

export type { Documents, ErrorDocument } from "./documents.ts";
export { type ErrorKind, KprepError } from "./errors.ts";
export { type Progress, silent } from "./host/progress.ts";
export type { DiffDocument } from "./kernel/diff/document.ts";
export type { Explanation } from "./kernel/failures/document.ts";
export type { CheckDocument, CheckedModule } from "./kernel/loader/verdict.ts";
export type { SyncReport } from "./report/sync/sync-report.ts";
export type { VerifyReport } from "./report/verify/verify-report.ts";
export { resolveTarget } from "./target/resolve.ts";
export type { TargetSpec } from "./target/subject.ts";
export type { Conflict, Fact, FileFact, Target } from "./target/target.ts";
export { findTree } from "./tree/find.ts";
export { type BuildDocument, type BuildRequest, buildModule } from "./workflows/build/index.ts";
export { checkModules } from "./workflows/check/index.ts";
export { type DiffRequest, diffKernels } from "./workflows/diff/index.ts";
export { type ExplainOptions, explain } from "./workflows/explain/index.ts";
export { type SyncRequest, sync } from "./workflows/sync/index.ts";
export { undoTree } from "./workflows/undo/index.ts";
export { type VerifyRequest, verify } from "./workflows/verify/index.ts";

/** What sync would do to a tree, with its diffs: nothing is written, and no make is run. Throws as sync does. */
export function plan(request: SyncRequest): Promise<SyncReport> {
	return sync({ ...request, dryRun: true });
}
