import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { KprepError } from "../../errors.ts";
import { unpackOutput } from "../../host/archive/unpack.ts";
import { cacheFolder } from "../../host/machine/cache.ts";
import { templatePath } from "../../host/machine/templates.ts";
import { posixQuoted } from "../../kernel/shell-word.ts";
import type { BroughtTarget, Scheme } from "./scheme.ts";

/** [USER@]HOST[:PORT]; a host that begins with "-" would be an option of ssh. */
const PLACE = /^(?:([A-Za-z0-9_][\w.-]*)@)?([A-Za-z0-9][\w.-]*|\[[0-9a-fA-F:]+\])(?::(\d{1,5}))?$/;

/**
 * The running kernel of another machine, read over an ordinary ssh (keys, ~/.ssh/config and all); nothing is installed
 * there, and nothing written but links below its temporary folder (templates/capture/facts.sh). It is read anew each time.
 */
export const ssh: Scheme = {
	prefix: "ssh://",
	form: "ssh://[USER@]HOST[:PORT]",
	async bring(word, progress, offline) {
		const [, user, host, port] = PLACE.exec(word) ?? [];
		if (host === undefined)
			throw new KprepError("usage", "bad-target", `ssh://${word} is no machine`, { expected: ssh.form });
		const name = host.replace(/^\[|\]$/g, "");
		const script = readFileSync(templatePath("capture", "facts.sh"), "utf8");
		const command = [
			...sshWords(),
			...["-o", "BatchMode=yes", "-o", "ConnectTimeout=15"],
			...(port === undefined ? [] : ["-p", port]),
			...(user === undefined ? [] : ["-l", user]),
			...["--", name, `sh -c ${posixQuoted(script)}`],
		];
		const folder = join(cacheFolder(), "hosts", `${user ?? ""}@${name.replaceAll(":", "_")}_${port ?? ""}`);
		if (offline) {
			if (existsSync(folder)) return { sysroot: folder, exact: `ssh://${word}` };
			throw new KprepError("missing", "offline", `ssh://${word} was never read`, {
				suggestions: ["the same command without --offline"],
			});
		}
		progress.step("read", `ssh://${word}`);
		await replaceFolder(folder, (fresh) => unpackOutput(command, fresh, { progress }));
		return { sysroot: folder, exact: `ssh://${word}` } satisfies BroughtTarget;
	},
};

/** KPREP_SSH is ssh with options of its own, as an inventory of machines has them: words, with quotes as a shell takes them. */
function sshWords(): string[] {
	const words = (process.env.KPREP_SSH ?? "").match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
	return words.length === 0 ? ["ssh"] : words.map((word) => word.replace(/["']/g, ""));
}

/** The old folder stays until the new one is whole. */
async function replaceFolder(folder: string, fill: (fresh: string) => Promise<unknown>): Promise<void> {
	mkdirSync(join(folder, ".."), { recursive: true });
	const [fresh, old] = [`${folder}.new-${process.pid}`, `${folder}.old-${process.pid}`];
	rmSync(fresh, { recursive: true, force: true });
	try {
		await fill(fresh);
		if (existsSync(folder)) renameSync(folder, old);
		renameSync(fresh, folder);
	} finally {
		rmSync(fresh, { recursive: true, force: true });
		rmSync(old, { recursive: true, force: true });
	}
}
