import { Diagnoser } from "../kernel/failures/diagnose.ts";
import type { Advice } from "./check.ts";

/** Which entry of the catalogue a kernel's refusal is: its log lines, and the errno by name (null: the kernel went down). */
export function explainedRefusal(
	log: readonly string[],
	errno: string | null,
): Pick<Advice, "about" | "facts"> {
	const diagnoser = new Diagnoser();
	for (const line of log) diagnoser.line(line);
	if (errno !== null) diagnoser.line(`insmod: could not insert module kprep_probe.ko: ${errno}`);
	const [top] = diagnoser.finish().diagnoses.filter(({ entry }) => entry.id !== "errno-alone");
	return top === undefined ? { about: null } : { about: top.entry.id, facts: top.details };
}
