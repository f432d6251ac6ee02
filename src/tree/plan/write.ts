import type { PlanContext, WriteAction } from "./action.ts";

/** A write action for `path`, with what is there now and whether that differs. */
export function write(
	context: PlanContext,
	path: string,
	content: string | Uint8Array,
	texts: Pick<WriteAction, "id" | "summary" | "reason">,
): WriteAction {
	const present = context.read(path);
	const before =
		present !== null && typeof content === "string" ? new TextDecoder().decode(present) : present;
	return { ...texts, kind: "write", path, content, before, changed: !equal(before, content) };
}

function equal(one: string | Uint8Array | null, other: string | Uint8Array): boolean {
	if (one === null || typeof one === "string" || typeof other === "string") return one === other;
	return Buffer.compare(one, other) === 0;
}
