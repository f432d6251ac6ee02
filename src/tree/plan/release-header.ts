import { join } from "node:path";
import { RELEASE_HEADERS, versionCode } from "../../kernel/release/version-header.ts";
import type { PlanContext, WriteAction } from "./action.ts";
import { write } from "./write.ts";

/** With --no-make: the headers that name the release, at the places that this tree's Makefile writes them to. */
export function planReleaseHeaders(context: PlanContext): WriteAction[] {
	const { tree, facts, options } = context;
	if (options.make) return [];
	const place = RELEASE_HEADERS.find((path) => tree.makefile.includes(path)) ?? RELEASE_HEADERS[2];
	const lines = [`#define UTS_RELEASE "${facts.release}"`];
	if (place === RELEASE_HEADERS[2]) {
		lines.push(`#define LINUX_VERSION_CODE ${versionCode(tree.base, tree.makefile.includes("255"))}`);
		lines.push("#define KERNEL_VERSION(a,b,c) (((a) << 16) + ((b) << 8) + (c))");
	}
	const reason = "make is left to you, and a later make writes the same";
	const texts = (id: string) => ({ id, summary: `name the release ${facts.release}`, reason });
	const actions = [
		write(context, join(tree.output, place), `${lines.join("\n")}\n`, texts("release-header")),
	];
	if (tree.makefile.includes("include/config/kernel.release")) {
		const path = join(tree.output, "include/config/kernel.release");
		actions.push(write(context, path, `${facts.release}\n`, texts("kernel-release")));
	}
	return actions;
}
