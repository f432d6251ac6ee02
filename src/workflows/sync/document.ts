import type { SyncReport } from "../../report/sync/sync-report.ts";

/** The contract's JSON of sync: contents of planned files are left out. */
export type SyncDocument = Omit<SyncReport, "plan" | "cures" | "spec"> & {
	cures: { id: string; title: string; reason: string; code: string | null }[];
	plan: {
		id: string;
		kind: "write" | "make";
		path: string;
		summary: string;
		reason: string;
		changed: boolean;
	}[];
};

/** A report as plain values for --json. */
export function syncDocument({ spec: _, ...report }: SyncReport): SyncDocument {
	const plan = report.plan.map(({ id, kind, path, summary, reason, changed }) => ({
		id,
		kind,
		path,
		summary,
		reason,
		changed,
	}));
	const cures = report.cures.map(({ id, title, reason: why, code }) => ({ id, title, reason: why, code }));
	return { ...report, plan, cures };
}
