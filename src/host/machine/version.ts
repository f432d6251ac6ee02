import { readFileSync } from "node:fs";
import { templatePath } from "./templates.ts";

/** This kprep's own version; "unknown" where its package.json is not beside it. */
export function ownVersion(): string {
	try {
		const { version } = JSON.parse(readFileSync(templatePath("..", "package.json"), "utf8")) as {
			version?: unknown;
		};
		return typeof version === "string" ? version : "unknown";
	} catch {
		return "unknown";
	}
}
