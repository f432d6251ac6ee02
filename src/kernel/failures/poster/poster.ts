import type { CommandTemplate, Details } from "../entry.ts";
import type { Scene } from "../reading/scene.ts";
import { fill, fillCommand, shellWord } from "../reading/text.ts";
import { type System, systemOf } from "./systems.ts";
import { buildCommands, rebuildCommands, updateCommands } from "./way.ts";

/** The system that a log is from, as far as its lines tell. */
export interface Poster {
	scene: Scene;
	/** The kernel that the log is about; null when no release is named. */
	release: string | null;
	system: System | null;
	parts: Record<string, string>;
}

/** Reads who posted a log: the release that a diagnosis names, else the first of the log; `boardsOf` gives the ids of templates/boards that know its shape. */
export function posterOf(scene: Scene, details: Details, boardsOf: (release: string) => string[]): Poster {
	const release = details.release_kernel?.find(isRelease) ?? scene.releases.find(isRelease) ?? null;
	const found = release === null ? null : systemOf(release, boardsOf(release));
	if (found !== null) return { scene, release, ...found };
	const openwrt = scene.openwrt ? systemOf("0-openwrt", []) : null;
	return { scene, release, system: openwrt?.system ?? null, parts: { release: release ?? "" } };
}

/**
 * Commands ready to type on the poster's system: facts filled in and quoted, what the system does not have left out,
 * sudo where it is known there. `install` gives the line that installs the packages of some tools, or null.
 */
export function posterCommands(
	templates: readonly CommandTemplate[],
	details: Details,
	poster: Poster,
	install: (tools: string[]) => string | null,
): string[] {
	const { scene, release, system } = poster;
	const known: Details = {
		...(release === null ? {} : { release_kernel: [release] }),
		...(scene.m ? { folder: [scene.m] } : {}),
		...(scene.dkms === null ? {} : { driver: [`${scene.dkms.name}/${scene.dkms.version}`] }),
		...details,
	};
	const commands = templates.flatMap((template) => {
		if (typeof template === "string") return [fillCommand(template, known)];
		if ("install" in template) {
			const tools = template.install.map((tool) => fill(tool, known)).flatMap((tool) => tool.split(", "));
			return [install(tools) ?? ""];
		}
		if ("system" in template) return systemCommands(template.system, poster, install);
		if (template.way === "rebuild") return rebuildCommands(scene, release);
		if (template.way === "build") return buildCommands(scene, release);
		return updateCommands(scene);
	});
	return [
		...new Set(
			commands
				.filter((command) => command !== "" && works(command, system))
				.map((command) => asThere(command, system)),
		),
	];
}

function systemCommands(
	what: "headers" | "kernel" | "rust" | "firmware",
	poster: Poster,
	install: (tools: string[]) => string | null,
): string[] {
	const { system, parts, scene } = poster;
	if (what === "rust") return [install(["rust-src", "bindgen"]) ?? ""];
	if (what === "firmware") return [install(["firmware"]) ?? ""];
	if (system === null) return what === "headers" ? [install(["linux-headers"]) ?? ""] : [];
	const filled = (texts: readonly string[]) =>
		texts.map((text) => text.replace(/\{(\w+)\}/g, (_, name: string) => shellWord(parts[name] ?? "")));
	if (what === "kernel") return filled(system.kernel);
	// A package that the log shows to be gone is not advised again: a kernel that still has one is.
	const headers = filled(system.headers);
	const gone = headers.some((command) =>
		scene.gonePackages.some((name) => command.split(" ").includes(name)),
	);
	return gone
		? filled(system.kernel)
		: [
				...headers,
				...(system.kernel.length > 0
					? filled(system.kernel).map(
							(command) => `${command.replace(/ # .*$/, "")} # when those are no longer to be had`,
						)
					: []),
			];
}

function works(command: string, system: System | null): boolean {
	const lacks = system?.lacks ?? [];
	const words = command.replace(/^sudo /, "").split(/[\s;&|]+/);
	return !lacks.some((program) => program !== "sudo" && words.includes(program));
}

/** Without sudo where everybody is root. */
function asThere(command: string, system: System | null): string {
	return system?.rootShell ? command.replace(/\bsudo /g, "") : command;
}

function isRelease(text: string): boolean {
	return /^\d{1,2}\.\d{1,3}[\w.+~-]{0,90}$/.test(text) && text !== "";
}
