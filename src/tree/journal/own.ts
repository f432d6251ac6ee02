import { lstatSync } from "node:fs";
import { dirname } from "node:path";
import { KprepError } from "../../errors.ts";
import { ownedByCaller } from "../../host/files/trust.ts";
import { quoted } from "../../kernel/shell-word.ts";

/**
 * Throws `not-ours` ("busy") unless `folder` (a .kprep) is absent, or a real folder that belongs to who runs kprep and
 * that nobody else may write (for root: no group either): what a stranger could have put there is neither believed nor restored.
 */
export function requireOwn(folder: string): void {
	const status = lstatSync(folder, { throwIfNoEntry: false });
	if (status === undefined) return;
	if (!status.isDirectory())
		throw notOurs(folder, status.isSymbolicLink() ? "a symbolic link" : "something else than a folder", [
			`rm ${quoted(folder)}`,
		]);
	const owner = ownedByCaller(folder);
	if (!owner.ok)
		throw notOurs(folder, `a folder of user ${owner.owner}`, [
			`as that user: kprep undo ${quoted(dirname(folder))}`,
			`when you trust that user: the same command with --safe ${quoted(dirname(folder))}`,
		]);
	// A user's own group is often the user alone; root's is group 0.
	const group = process.geteuid?.() === 0 && status.uid === 0 && status.gid !== 0;
	if ((status.mode & (group ? 0o022 : 0o002)) !== 0)
		throw notOurs(folder, `a folder that others may write (mode ${(status.mode & 0o777).toString(8)})`, [
			`look at it, then: chmod go-w ${quoted(folder)}`,
		]);
}

function notOurs(folder: string, found: string, suggestions: string[]): KprepError {
	return new KprepError(
		"busy",
		"not-ours",
		"what kprep is to have noted in this tree may be somebody else's",
		{
			expected: "a folder of your own",
			found,
			where: folder,
			suggestions,
		},
	);
}
