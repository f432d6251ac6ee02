import { quoted } from "../../shell-word.ts";
import type { CommandTemplate, Details, Surroundings } from "../entry.ts";
import type { Scene } from "../reading/scene.ts";
import { fill, fillCommand } from "../reading/text.ts";
import { moduleFile } from "./module-file.ts";
import { OVER_SHAPES, type System, systemOf, systems } from "./systems.ts";
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
	const found =
		release === null
			? null
			: systemOf(release, boardsOf(release), OVER_SHAPES.includes(scene.board ?? "") ? scene.board : null);
	if (found !== null) return { scene, release, ...found };
	const board = scene.openwrt ? "openwrt" : scene.board;
	const system = systems.findLast((one) => one.board === board) ?? null;
	return { scene, release, system, parts: { release: release ?? "$(uname -r)", ...system?.usual } };
}

/** A poster as entries see it. */
export function surroundings({ scene, release, system }: Poster): Surroundings {
	return { scene, release, board: system?.board ?? null };
}

/**
 * Commands ready to type on the poster's system: facts filled in and quoted, what the system does not have left out,
 * sudo where it is known there. `install` gives the line that installs the packages of some tools, or null.
 */
export function posterCommands(
	templates: readonly CommandTemplate[],
	details: Details,
	{ scene: seen, ...rest }: Poster,
	install: (tools: string[]) => string | null,
): string[] {
	const poster: Poster = { scene: withoutOptions(seen), ...rest };
	const { scene, release, system } = poster;
	const compiler = compilerOf(scene);
	const known: Details = inSource(scene, {
		...(release === null ? {} : { release_kernel: [release] }),
		...(scene.m ? { folder: [scene.m] } : {}),
		...(scene.entered[0] === undefined ? {} : { tree: [scene.entered[0]] }),
		...(compiler === null ? {} : { compiler: [compiler] }),
		...(scene.dkms === null ? {} : { driver: [`${scene.dkms.name}/${scene.dkms.version}`] }),
		...withoutOptions(details),
	});
	const ko = moduleFile(known.module?.[0], scene);
	const commands = templates.flatMap((template) => {
		if (typeof template === "string")
			return [
				template
					.split("{ko}")
					.map((part) => fillCommand(part, known))
					.join(ko),
			];
		if (typeof template === "function") return template(known, surroundings(poster));
		if ("install" in template) {
			const tools = template.install
				.map((tool) => (tool.includes("{") ? fill(tool, known) : tool))
				.flatMap((tool) => tool.split(", "));
			return [install(tools) ?? ""];
		}
		if ("system" in template) return systemCommands(template.system, poster, install, known);
		// After a reboot into another kernel it is that one that is built for.
		const kernel = isGone(poster) ? null : release;
		if (template.way === "rebuild" && system?.own?.modules.test(known.module?.[0] ?? ""))
			return system.own.rebuild;
		if (template.way === "rebuild") return rebuildCommands(scene, kernel, template.set, template);
		if (template.way === "build") return buildCommands(scene, kernel, template.set, template);
		return updateCommands(scene);
	});
	return [
		...new Set(
			commands
				.filter((command) => command !== "" && works(command, system))
				.map((command) => asThere(command, system, scene)),
		),
	];
}

/** What a log names, without what would pass for an option where a name is meant; options of compilers stay. */
function withoutOptions<T extends object>(all: T): T {
	const isOption = (value: unknown): boolean =>
		typeof value === "string"
			? value.startsWith("-")
			: value !== null && typeof value === "object" && Object.values(value).some(isOption);
	return Object.fromEntries(
		Object.entries(all).map(([name, value]) => {
			if (/^(?:option|flags_\w+)$/.test(name)) return [name, value];
			if (Array.isArray(value)) return [name, value.filter((one) => !isOption(one))];
			return [name, isOption(value) ? null : value];
		}),
	) as T;
}

type Offer = "headers" | "prepared" | "kernel" | "modules" | "compiler" | "rust" | "firmware";

function systemCommands(
	what: Offer,
	poster: Poster,
	install: (tools: string[]) => string | null,
	known: Details,
): string[] {
	const { system, parts, scene } = poster;
	const filled = (texts: readonly string[], more: Record<string, string> = {}) =>
		texts
			.filter((text) =>
				[...text.matchAll(/\{(\w+)\}/g)].every(([, name = ""]) => name in more || name in parts),
			)
			.map((text) =>
				text.replace(/\{(\w+)\}/g, (_, name: string) => inShell(more[name] ?? parts[name] ?? "")),
			);
	const packaged = (...tools: string[]) => [install(tools) ?? ""];
	if (what === "rust") return [...filled(system?.rust ?? []), ...packaged("rust-src", "bindgen")];
	if (what === "firmware") return packaged("firmware");
	if (what === "compiler") {
		const compiler = compilerOf(scene);
		const n = /^gcc-(\d+)$/.exec(compiler ?? "")?.[1];
		return n !== undefined && system?.compiler !== undefined
			? filled(system.compiler, { n })
			: packaged(compiler ?? "gcc");
	}
	// A kernel whose makers are not known has its headers nowhere; without any release it may be the one of this machine.
	if (system === null) return what === "headers" && poster.release === null ? packaged("linux-headers") : [];
	if (what === "modules") return filled(system.modules ?? [], { module: known.module?.[0] ?? "NAME" });
	if (what === "kernel") return filled(system.kernel);
	if (what === "headers" && system.headers.length === 0) return filled(system.source ?? []);
	// A package that the log shows to be gone is not advised again: a kernel that still has one is.
	const headers = filled(system.headers);
	const gone = isGone(poster);
	const kernel = filled(system.kernel);
	if (what === "prepared")
		return headers.map((command) =>
			command.replace(/\b(apt|dnf|yum) install /, (_, tool: string) =>
				tool === "apt" ? "apt install --reinstall " : `${tool} reinstall `,
			),
		);
	return gone
		? kernel
		: [
				...headers,
				...kernel.map((command) => `${command.replace(/ # .*$/, "")} # when those are no longer to be had`),
			];
}

/** True when the log shows that the headers of its release are no longer to be had. */
function isGone({ scene, system, parts }: Poster): boolean {
	return (system?.headers ?? []).some((text) =>
		text
			.replace(/\{(\w+)\}/g, (_, name: string) => parts[name] ?? "")
			.split(" ")
			.some((word) => scene.gonePackages.includes(word)),
	);
}

/** dkms copies the source anew from /usr/src for each build: what is to be changed is changed there. */
function inSource({ dkms }: Scene, details: Details): Details {
	if (dkms === null) return details;
	const copy = /^\/var\/lib\/dkms\/[^/]+\/[^/]+\/(?:build|source)(?=\/|$)/;
	const source = `/usr/src/${dkms.name}-${dkms.version}`;
	const folder = details.folder?.map((path) => path.replace(copy, source)) ?? [source];
	return { ...details, folder };
}

/** A word of a shell; the release of whoever types it stays one. */
function inShell(text: string): string {
	return text === "$(uname -r)" || text === "" ? text : quoted(text);
}

/** The command name of the compiler that kbuild says built the kernel: gcc-11 of "gcc (GCC) 11.2.1". */
function compilerOf({ builtBy }: Scene): string | null {
	const [, named] = /^(?:[\w-]*-)?((?:gcc|clang)-\d+)\b/.exec(builtBy ?? "") ?? [];
	if (named !== undefined) return named;
	const version = /(?:\)|version|gcc) (\d+)\.\d+/.exec(builtBy ?? "")?.[1];
	if (version === undefined) return null;
	return /clang/i.test(builtBy ?? "") ? `clang-${version}` : `gcc-${version}`;
}

function works(command: string, system: System | null): boolean {
	const lacks = system?.lacks ?? [];
	if (system?.noTree && /\/lib\/modules\/(?:\S+|\$\(uname -r\))\/build\b/.test(command)) return false;
	const words = command.replace(/^sudo /, "").split(/[\s;&|()$]+/);
	return !lacks.some((program) => program !== "sudo" && words.includes(program));
}

/** Without sudo where everybody is root; with it where packages are installed. */
function asThere(command: string, system: System | null, { root }: Scene): string {
	if (system?.rootShell || root) return command.replace(/\bsudo /g, "");
	return system !== null && /^(?:apt-get|apt|dnf|yum|zypper|pacman|apk) /.test(command)
		? `sudo ${command}`
		: command;
}

function isRelease(text: string): boolean {
	return /^\d{1,2}\.\d{1,3}[\w.+~-]{0,90}$/.test(text) && text !== "";
}
