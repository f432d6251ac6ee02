import { quoted } from "../kernel/shell-word.ts";
import { printable } from "../printable.ts";
import type { Conflict } from "../target/target.ts";

/** What was captured, and what was not. */
export interface Captured {
	/** Path of the profile. */
	profile: string;
	bytes: number;
	release: string;
	/** Facts and files that are in it. */
	holds: string[];
	/** Those that a sync could use and that are not known here. */
	lacks: string[];
	/** Config symbols whose paths were shortened, because they name a person's folder. */
	shortened: string[];
	unreadable: string[];
	conflicts: readonly Conflict[];
}

/** A few lines: where the profile is, what it holds and lacks, what could not be read. */
export function captureText(report: Captured): string {
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
		`use it elsewhere: kprep sync TREE -t ${quoted(profile.split("/").at(-1) ?? profile)}`,
	].join("\n");
}
