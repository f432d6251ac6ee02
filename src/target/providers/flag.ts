import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { KprepError } from "../../errors.ts";
import { outerFile } from "../facts/file-fact.ts";
import type { EvidenceProvider } from "./provider.ts";

/** What the user named with --config. It wins over every other config. */
export const flag: EvidenceProvider = {
	name: "flag",
	cost: "quick",
	gives: [],
	async gather(subject) {
		if (subject.config === null) return [];
		const path = resolve(subject.config);
		if (!existsSync(path) || !statSync(path).isFile()) {
			throw new KprepError("missing", "config-not-found", `there is no config file at ${subject.config}`, {
				where: path,
				suggestions: ["check the path given with --config"],
			});
		}
		return [{ config: outerFile(path, "flag") }];
	},
};
