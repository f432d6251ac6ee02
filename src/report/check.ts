import type { CheckDocument, CheckedModule } from "../kernel/loader/verdict.ts";
import { printable } from "./printable.ts";

/** The verdicts for people: a line a module, then what stands behind it. */
export function checkText({ target, modules }: CheckDocument): string {
	return modules.map((module) => moduleText(module, target)).join("\n\n");
}

function moduleText(module: CheckedModule, target: string): string {
	const lines = [headline(module, target)];
	const add = (label: string, text: string) => lines.push(`  ${label.padEnd(10)} ${printable(text)}`);
	for (const message of module.messages) add("kernel:", message);
	for (const { id, expected, actual, remedy } of module.reasons) {
		add("reason:", id);
		add("expected:", expected);
		add("found:", actual);
		if (remedy !== "") add("try:", remedy);
	}
	if (module.needs.length > 0) add("needs:", `${module.needs.join(", ")} (modprobe loads it first)`);
	for (const { flag, message } of module.taints) add("taint:", `${flag}  ${message}`);
	for (const warning of module.warnings) add("warning:", warning);
	if (module.boot !== undefined) {
		const { loaded, errno, accelerator, seconds, log } = module.boot;
		const said = loaded ? "loaded" : `refused, ${errno ?? "the kernel went down with it"}`;
		add("boot:", `${said} (QEMU, ${accelerator}, ${seconds.toFixed(1)} s)`);
		for (const line of log.slice(0, MOST_LINES)) add("", line);
	}
	return lines.join("\n");
}

/** Of what the booted kernel logged during one load: an oops has more, --json has all. */
const MOST_LINES = 20;

function headline({ path, verdict, errno }: CheckedModule, target: string): string {
	const file = printable(path);
	if (verdict === "loads") return `${file}: loads on ${target}`;
	if (verdict === "refused") return `${file}: refused by ${target}${errno === null ? "" : ` (${errno})`}`;
	return `${file}: cannot be decided for ${target}: something is not known`;
}
