import { existsSync, lstatSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { KprepError } from "../../errors.ts";
import { sha256 } from "../../host/files/digest.ts";
import { makeReadable, writeAtomically } from "../../host/files/files.ts";
import { Root } from "../../host/files/root.ts";
import { findProgram } from "../../host/process/program.ts";
import { attempt } from "../../host/process/run.ts";
import type { Progress } from "../../host/progress.ts";
import { isOn, stringOf } from "../../kernel/config/config.ts";
import type { Installed } from "../../report/install.ts";
import { readTargetConfig } from "../../target/facts/config-facts.ts";
import { resolveTarget } from "../../target/resolve.ts";
import type { TargetSpec } from "../../target/subject.ts";
import { noSigningKey, type SigningKey } from "../sign/keys.ts";
import { signedModule } from "../sign/message.ts";
import { ACCOUNT, readAccount, stem } from "./account.ts";
import { compressed, compressionFor } from "./compress.ts";
import { modulesOf, plainBelow } from "./places.ts";

export interface Place {
	target: TargetSpec;
	progress: Progress;
	signal?: AbortSignal | undefined;
}

/** Below lib/modules/RELEASE; depmod of every distribution looks into updates/ before the kernel's own folder. */
const FOLDER = "updates/kprep";
/**
 * Puts modules where depmod of the target (this machine, or below --sysroot) finds them: signed when the target checks
 * signatures and there is a key, compressed as the target's own are. Throws KprepError: "missing" without rights or
 * tools, or without a key where the kernel takes signed modules alone.
 */
export async function installModules(
	modules: string[],
	from: string,
	key: SigningKey | null,
	{ target: spec, progress, signal }: Place,
): Promise<Installed> {
	const { release, modules: top, folder, root, symbols } = await whereTo(spec, progress);
	const signs = isOn(symbols, "MODULE_SIG");
	if (key === null && isOn(symbols, "MODULE_SIG_FORCE")) throw noSigningKey();
	if (signs && key === null)
		progress.warn("the kernel checks signatures and there is no key: the modules are installed unsigned");
	const compression = compressionFor(symbols, join(top, "kernel"));
	const account = readAccount(folder);
	const installed: string[] = [];
	await asOwner(folder, async () => {
		makeReadable(folder);
		for (const path of modules) {
			progress.step("install", path);
			let bytes: Uint8Array = readFileSync(path);
			if (signs && key !== null)
				bytes = await signedModule(bytes, key, stringOf(symbols, "MODULE_SIG_HASH") || "sha256", progress);
			const name = `${basename(path)}${compression?.suffix ?? ""}`;
			if (compression !== null) bytes = await compressed(bytes, compression, signal);
			for (const old of Object.keys(account))
				if (old !== name && stem(old) === stem(name)) {
					rmSync(join(folder, old), { force: true });
					delete account[old];
				}
			await writeAtomically(join(folder, name), bytes);
			account[name] = { from: resolve(from), sha256: sha256(bytes) };
			await writeAtomically(join(folder, ACCOUNT), JSON.stringify(account));
			installed.push(join(folder, name));
		}
	});
	const depmod = await indexed(root, top, release, progress);
	return {
		...{ release, installed: installed.map((path) => root.inside(path) ?? path), removed: [], kept: [] },
		...{ depmod, signed: signs && key !== null },
	};
}

/** Takes away the modules that were installed from these sources, as far as they are what kprep put there. */
export async function uninstallModules(from: string, { target: spec, progress }: Place): Promise<Installed> {
	const { release, modules, folder, root } = await whereTo(spec, progress);
	const account = readAccount(folder);
	const [removed, kept]: string[][] = [[], []];
	await asOwner(folder, async () => {
		for (const [name, entry] of Object.entries(account)) {
			if (entry.from !== resolve(from)) continue;
			const path = join(folder, name);
			const inside = root.inside(path) ?? path;
			const there = lstatSync(path, { throwIfNoEntry: false });
			if (there === undefined) delete account[name];
			else if (!there.isFile() || sha256(readFileSync(path)) !== entry.sha256) kept?.push(inside);
			else {
				rmSync(path);
				delete account[name];
				removed?.push(inside);
			}
		}
		if (!existsSync(folder)) return;
		if (Object.keys(account).length > 0)
			await writeAtomically(join(folder, ACCOUNT), JSON.stringify(account));
		else {
			rmSync(join(folder, ACCOUNT), { force: true });
			for (const empty of [folder, join(folder, "..")]) removeEmpty(empty);
		}
	});
	const depmod = (removed?.length ?? 0) > 0 && (await indexed(root, modules, release, progress));
	return { release, installed: [], removed: removed ?? [], kept: kept ?? [], depmod, signed: false };
}

async function whereTo(spec: TargetSpec, progress: Progress) {
	const target = await resolveTarget(spec, progress);
	const root = new Root(spec.sysroot);
	const release = target.release?.value ?? "";
	const modules = modulesOf(root, release);
	if (!existsSync(modules))
		throw new KprepError("missing", "no-modules-folder", `there is no folder of modules of ${release}`, {
			expected: `lib/modules/${release}`,
			where: root.folder,
			suggestions: ["name the root of the system that has this kernel with --sysroot DIR"],
		});
	const symbols = target.config === null ? new Map() : (await readTargetConfig(target.config)).symbols;
	return { release, root, symbols, modules, folder: plainBelow(modules, FOLDER) };
}

/** depmod follows links as this machine does: it is led to the very folder. */
async function indexed(root: Root, modules: string, release: string, progress: Progress): Promise<boolean> {
	const depmod = ["depmod", "/usr/sbin/depmod", "/sbin/depmod"].find((name) => findProgram(name) !== null);
	if (depmod === undefined) {
		progress.warn("depmod is not here: modprobe finds the modules once it was run");
		return false;
	}
	const [, base] = /^(.+)\/lib\/modules\/[^/]+$/.exec(modules) ?? [];
	const led = root.isHost ? [] : base === undefined || basename(modules) !== release ? null : ["-b", base];
	const { status } = led === null ? { status: null } : await attempt([depmod, ...led, release], { progress });
	if (status !== 0) progress.warn(`depmod failed for ${release}; the modules are in place`);
	return status === 0;
}

function removeEmpty(folder: string): void {
	try {
		rmdirSync(folder);
	} catch (error) {
		if (!["ENOTEMPTY", "ENOENT", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
	}
}

/** Rights are the usual cause: the command is given as it has to be typed. */
async function asOwner(folder: string, act: () => Promise<void>): Promise<void> {
	try {
		await act();
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		if (code !== "EACCES" && code !== "EPERM") throw error;
		throw new KprepError("missing", "not-root", `modules of a system are installed by root (${code})`, {
			where: folder,
			suggestions: ["the same command as root (sudo, doas or su)"],
			cause: error,
		});
	}
}
