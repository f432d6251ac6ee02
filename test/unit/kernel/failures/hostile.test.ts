import { describe, expect, it } from "vitest";
import { catalogue, commandsFor } from "../../../../src/kernel/failures/catalogue.ts";
import type { DetailName } from "../../../../src/kernel/failures/entry.ts";
import type { Poster } from "../../../../src/kernel/failures/poster/poster.ts";
import { systems } from "../../../../src/kernel/failures/poster/systems.ts";
import { LogReader } from "../../../../src/kernel/failures/reading/log-reader.ts";
import { emptyScene, type Scene } from "../../../../src/kernel/failures/reading/scene.ts";
import { bareText } from "../../../helpers/bare-text.ts";

const NAMES: DetailName[] = [
	...(["module", "symbol", "file", "path", "tool", "release_module", "release_kernel"] as const),
	...(["flags_missing", "flags_extra", "relocation", "option", "namespace", "parameter", "config"] as const),
	...(["folder", "tree", "compiler", "driver", "errno", "fact"] as const),
];

/** Words of a log that leave single quotes, double quotes and lines. */
const WORDS = [
	"pwn",
	"/pwn",
	"/sys/pwn/x",
	"/var/lib/dkms/pwn/1",
	"CONFIG_pwn",
	"-pwn",
	"arch/x86/pwn/Kconfig",
].map((word) => `${word}';pwn;'\`pwn\`$(pwn)"pwn"\npwn #`);

describe("a log's words in the commands of the catalogue", () => {
	it.each(catalogue.map(({ id }) => [id]))("%s: none of them acts", (id) => {
		const acting = WORDS.flatMap((word) =>
			[...posters(word), null].flatMap((poster) =>
				commandsFor(id, facts(word), (tools) => `install ${tools.length}`, poster),
			),
		).filter((it) => bareText(it).includes("pwn") || /\n|\s\$?'-pwn/.test(it));
		expect([...new Set(acting)]).toEqual([]);
	});

	it.each(catalogue.map((entry) => [entry.id, entry] as const))(
		"%s: no placeholder stands in quotes, which its own would end",
		(_, { commands }) => {
			for (const command of commands)
				if (typeof command === "string") {
					const words = command.replace(/(?:^|\s)#.*$/, "").replace(/\{\w+(?:\|[^}]*)?\}/g, "@@");
					expect(bareText(words).split("@@").length, command).toBe(words.split("@@").length);
				}
		},
	);
});

it.each<[path: string, command: string]>([
	["/var/lib/dkms/rtl8821ce/5.5.2.1", "sudo rm -r /var/lib/dkms/rtl8821ce/5.5.2.1 #"],
	["/var/lib/dkms/x/1.0~rc1", "sudo rm -r /var/lib/dkms/x/1.0~rc1 #"],
	...["/home/ann", "//", "/", "/var/lib/dkms/../../../home/ann", "/var/lib/dkms/x", "/var/lib/dkms/x/.."].map(
		(path) => [path, "sudo dkms remove NAME/VERSION --all #"] as [string, string],
	),
	...["/var/lib/dkms//x", "/var/lib/dkms/./x", "/var/lib/dkms/x/1/2", "/var/lib/dkms/x/$(id)"].map(
		(path) => [path, "sudo dkms remove NAME/VERSION --all #"] as [string, string],
	),
])("what dkms lacks at %s is removed by: %s", (path, command) => {
	const log = path.startsWith("/var/lib/dkms/x/1/") ? "Directory" : "File";
	const reader = new LogReader();
	const file = log === "File" ? `${path}/source/dkms.conf` : path;
	reader.feed(Buffer.from(`Error! Could not locate dkms.conf file.\n${log}: ${file} does not exist.\n`));
	const [first] = reader.finish().diagnoses;
	expect(first?.entry.id).toBe("dkms-source-missing");
	const commands = commandsFor("dkms-source-missing", first?.details ?? {});
	expect(commands.filter((it) => /\brm\b|remove/.test(it))).toEqual([expect.stringContaining(command)]);
});

function facts(word: string): Record<string, string[]> {
	return Object.fromEntries(NAMES.map((name) => [name, [word, `${word}2`]]));
}

/** Somebody on each system, by dkms and by hand, whose log says the word wherever a log can. */
function posters(word: string): Poster[] {
	const scenes: Scene[] = [
		{ ...filled(word), dkms: null },
		{ ...filled(word), dkms: null, ebuild: null, recipe: null, calledBy: "tree" },
		{ ...filled(word), dkms: null, ebuild: null, recipe: null, kmod: null, calledBy: "own" },
	];
	// A release begins with a digit (isRelease).
	const release = word.startsWith("-") ? null : word;
	const parts = { release: release ?? "$(uname -r)" };
	return [
		...scenes.map((scene) => ({ scene, release, system: null, parts })),
		...[null, ...systems].map((system) => ({
			...{ scene: filled(word), release, system, parts: { ...parts, ...system?.usual } },
		})),
	];
}

function filled(word: string): Scene {
	return {
		...emptyScene(),
		...{ subdirs: word, m: word, arch: word, entered: [word], repository: word, unlinked: [word] },
		...{ loading: [{ module: word, file: word }], builtBy: word, using: word, goals: [word] },
		...{ releases: [word], dkms: { name: word, version: word }, dkmsKernel: word, ebuild: word },
		...{ kmod: { name: word, path: word }, sourceTree: word, recipe: word, tainting: [word] },
		...{ crash: { module: word, symbol: word, exact: true }, loaderCrash: word, gonePackages: [word] },
	};
}
