import { existsSync, readFileSync } from "node:fs";
import { Root } from "../files/root.ts";
import { readDistribution } from "../machine/distribution.ts";

const TABLE = "/usr/share/distro-info/debian.csv";
/** A mirror keeps a suite that long, its long-term support included. */
const YEARS = 8;

/**
 * Suites of Debian, besides the machine's own, in which a mirror may still have a kernel's source: by the table of
 * the package distro-info-data ("series" and "release" columns), else the names that move along with the releases.
 */
export function debianSuites(table = TABLE, now = new Date()): string[] {
	if (!existsSync(table)) return ["oldoldstable", "oldstable", "stable", "testing", "sid"];
	const [head = "", ...lines] = readFileSync(table, "utf8").split("\n");
	const columns = head.split(",");
	const oldest = new Date(now);
	oldest.setFullYear(now.getFullYear() - YEARS);
	return lines.flatMap((line) => {
		const cells = line.split(",");
		const [series = "", created = "", release = ""] = ["series", "created", "release"].map(
			(name) => cells[columns.indexOf(name)],
		);
		const begun = created !== "" && new Date(created) <= now;
		const kept = release === "" || new Date(release) >= oldest;
		return begun && kept && /^[a-z]+$/.test(series) && series !== "experimental" ? [series] : [];
	});
}

/**
 * Suites of this machine's distribution besides its own, oldest first, as its mirrors may still have them: Debian's by
 * debianSuites(), Ubuntu's and others' by the table of their name.
 */
export function otherSuites(distribution = readDistribution(new Root()), now = new Date()): string[] {
	const id = distribution?.family.find((word) => existsSync(tableOf(word))) ?? "debian";
	return debianSuites(tableOf(id), now).filter((suite) => suite !== distribution?.codename);
}

function tableOf(id: string): string {
	return `/usr/share/distro-info/${id}.csv`;
}
