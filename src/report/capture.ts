import { printable } from "./printable.ts";

/** What the text needs to know of a capture. */
export interface CaptureReport {
	profile: string;
	bytes: number;
	release: string;
	holds: string[];
	lacks: string[];
	shortened: string[];
	unreadable: string[];
	conflicts: readonly unknown[];
}

/** A few lines: where the profile is, what it holds and lacks, what could not be read. */
export function captureText(report: CaptureReport): string {
	const { profile, bytes, release, holds, lacks, shortened, unreadable, conflicts } = report;
	return [
		`${printable(profile)}: ${printable(release)}, ${Math.ceil(bytes / 1024)} KiB`,
		`  holds ${holds.join(", ")}`,
		...(lacks.length === 0 ? [] : [`  lacks ${lacks.join(", ")} (not known here)`]),
		...(shortened.length === 0
			? []
			: [`  private paths shortened in ${shortened.map((name) => `CONFIG_${name}`).join(", ")}`]),
		...unreadable.map((line) => `  could not read ${printable(line)}`),
		...(conflicts.length === 0
			? []
			: [
					`  sources disagree on ${conflicts.length} facts: kprep target shows which, and why one is believed`,
				]),
		...(lacks.includes("config") ? ["  without the config a sync from it needs --config FILE"] : []),
		`use it elsewhere: kprep sync TREE -t ${printable(profile.split("/").at(-1) ?? profile)}`,
	].join("\n");
}
