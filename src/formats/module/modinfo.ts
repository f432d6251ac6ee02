import { find, latin1 } from "../bytes.ts";

/** Keys in order of first appearance, each with its values in order. */
export type Modinfo = Map<string, string[]>;

/** `key=value` strings between NULs: the .modinfo section of a module. Strings without "=" are left out. Never throws. */
export function parseModinfo(bytes: Uint8Array): Modinfo {
	const modinfo: Modinfo = new Map();
	for (const [key, value] of pairs(bytes)) append(modinfo, key, value);
	return modinfo;
}

/** Modinfo of each built-in "module", by module name: modules.builtin.modinfo, whose keys are `name.key`. Never throws. */
export function parseBuiltinModinfo(bytes: Uint8Array): Map<string, Modinfo> {
	const modules = new Map<string, Modinfo>();
	for (const [key, value] of pairs(bytes)) {
		const dot = key.indexOf(".");
		if (dot < 0) continue;
		const name = key.slice(0, dot);
		const modinfo = modules.get(name) ?? new Map();
		modules.set(name, modinfo);
		append(modinfo, key.slice(dot + 1), value);
	}
	return modules;
}

/** As modinfoValue of parseModinfo, without parsing the rest: a driver may list thousands of devices. Never throws. */
export function modinfoText(bytes: Uint8Array, key: string): string | null {
	const start = `${key}=`;
	for (let at = find(bytes, start); at >= 0; at = find(bytes, start, at + 1)) {
		if (at !== 0 && bytes[at - 1] !== 0) continue;
		const nul = bytes.indexOf(0, at);
		return latin1(bytes, at + start.length, nul < 0 ? bytes.length : nul);
	}
	return null;
}

/** The first value of a key; null when it is absent. */
export function modinfoValue(modinfo: Modinfo, key: string): string | null {
	return modinfo.get(key)?.[0] ?? null;
}

function* pairs(bytes: Uint8Array): Generator<[key: string, value: string]> {
	let start = 0;
	while (start < bytes.length) {
		const nul = bytes.indexOf(0, start);
		const end = nul < 0 ? bytes.length : nul;
		if (end > start) {
			const text = latin1(bytes, start, end);
			const equals = text.indexOf("=");
			if (equals > 0) yield [text.slice(0, equals), text.slice(equals + 1)];
		}
		start = end + 1;
	}
}

function append(modinfo: Modinfo, key: string, value: string): void {
	const values = modinfo.get(key);
	if (values === undefined) modinfo.set(key, [value]);
	else values.push(value);
}
