import { type Modinfo, modinfoValue } from "../../formats/module/modinfo.ts";
import { readModinfo } from "../../formats/module/module.ts";
import { moduleFiles, visitModules } from "../../host/files/module-files.ts";
import { identifier } from "../../kernel/module-name.ts";

/** The modules that may be loaded in the machine: those that were named, before the target's own of the same name. */
export class AvailableModules {
	readonly #named: ReadonlyMap<string, string>;
	readonly #own: readonly string[];
	readonly #byName: ReadonlyMap<string, string>;
	#aliases: Promise<Aliases> | null = null;

	/** `installed` is the folder of the target's modules; undefined when there is none. */
	constructor(named: readonly string[], installed: string | undefined) {
		this.#own = installed === undefined ? [] : moduleFiles(installed);
		this.#named = new Map(named.map((path) => [fileName(path), path]));
		this.#byName = new Map([...this.#own.map((path) => [fileName(path), path] as const), ...this.#named]);
	}

	/** The file of that module; undefined: it is built in, or not there. */
	file(name: string): string | undefined {
		return this.#byName.get(identifier(name));
	}

	/**
	 * What modprobe would load for a name or an alias, by the modules' own aliases: all of them are read when this is first
	 * asked with something that is no module's name.
	 */
	async filesFor(name: string): Promise<string[]> {
		const file = this.file(name);
		if (file !== undefined) return [file];
		this.#aliases ??= readAliases([...this.#own, ...this.#named.values()]);
		const { exact, patterns } = await this.#aliases;
		const found = exact.get(identifier(name)) ?? [];
		return found.length > 0
			? found
			: patterns.filter(({ matches }) => matches.test(identifier(name))).map(({ path }) => path);
	}
}

/** What a module wants loaded before it: `depends` of depmod's and modpost's making, and `softdep=pre:` of its author's. */
export function wantedBefore(modinfo: Modinfo): { depends: string[]; softdeps: string[] } {
	const depends = (modinfoValue(modinfo, "depends") ?? "").split(",").filter(Boolean);
	const softdeps = (modinfo.get("softdep") ?? []).flatMap((text) => {
		const words = text.split(/\s+/);
		const [pre, post] = [words.indexOf("pre:"), words.indexOf("post:")];
		if (pre < 0) return [];
		return words.slice(pre + 1, post > pre ? post : undefined).filter(Boolean);
	});
	return { depends, softdeps };
}

/** "foo_bar" of "drivers/foo-bar.ko.xz". */
export function fileName(path: string): string {
	return identifier(path.slice(path.lastIndexOf("/") + 1).replace(/\.ko(\.\w+)?$/, ""));
}

interface Aliases {
	exact: Map<string, string[]>;
	patterns: { matches: RegExp; path: string }[];
}

async function readAliases(paths: readonly string[]): Promise<Aliases> {
	const aliases: Aliases = { exact: new Map(), patterns: [] };
	await visitModules(paths, {
		visit(path, bytes) {
			for (const alias of readModinfo(bytes).get("alias") ?? []) note(aliases, identifier(alias), path);
		},
		// What cannot be read is not loaded.
		failed() {},
	});
	return aliases;
}

function note({ exact, patterns }: Aliases, alias: string, path: string): void {
	if (!/[*?[]/.test(alias)) exact.set(alias, [...(exact.get(alias) ?? []), path]);
	// Aliases of devices are asked for by udev, not by the kernel.
	else if (!DEVICE.test(alias)) patterns.push({ matches: globbed(alias), path });
}

const DEVICE =
	/^(?:pci|usb|acpi|of|hid|i2c|spi|platform|virtio|dmi|pnp|input|mdio|sdio|pcmcia|cpu|vmbus|hdaudio|wmi|typec):/;

/** fnmatch() of modprobe: no brackets are in use but in aliases of devices. */
function globbed(pattern: string): RegExp {
	const text = pattern
		.replace(/[\\^$.+()|{}[\]]/g, "\\$&")
		.replaceAll("*", ".*")
		.replaceAll("?", ".");
	return new RegExp(`^${text}$`);
}
