import { KprepError } from "../errors.ts";
import { readDistribution } from "../host/distribution.ts";
import { timed } from "../host/durations.ts";
import { asRoot, installCommand, refreshCommand } from "../host/packages/tools.ts";
import type { Progress } from "../host/progress.ts";
import { Root } from "../host/root.ts";
import { attempt, run } from "../host/run.ts";
import type { DoctorReport, ToolReport } from "../report/doctor.ts";

/** Whether to go on with this command line; throws when nobody can be asked. */
export type Confirm = (command: string) => Promise<boolean>;

/**
 * Installs what the report misses: all that must be there in one go, then one by one what is only useful, where a
 * package that this distribution release does not have is no failure. False when the user said no.
 * Throws KprepError "missing" when a tool has no known package, "command" when the installation fails.
 */
export async function installMissing(
	report: DoctorReport,
	confirm: Confirm,
	progress: Progress,
	signal: AbortSignal,
): Promise<boolean> {
	const lacking = report.tools.filter(({ ok }) => !ok);
	const unknown = lacking.filter((tool) => tool.must && tool.package === null);
	if (report.install === null && unknown.length === 0) return true;
	if (report.install !== null) {
		progress.done();
		if (!(await confirm(report.install))) return false;
		await install(lacking, progress, signal);
	}
	if (unknown.length > 0)
		throw new KprepError(
			"missing",
			"no-package",
			`no package is known for ${unknown.map(({ name }) => name).join(", ")}`,
			{
				where: report.distribution ?? "this distribution",
				suggestions: ["install them by hand, then run kprep doctor again"],
			},
		);
	return true;
}

async function install(tools: ToolReport[], progress: Progress, signal: AbortSignal): Promise<void> {
	const distribution = readDistribution(new Root());
	const packages = (must: boolean) => [
		...new Set(tools.filter((tool) => tool.must === must).flatMap((tool) => tool.package ?? [])),
	];
	const options = { progress, signal, env: { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" } };
	const attemptInstall = async (names: string[]) => {
		const command = asRoot(installCommand(names, distribution) ?? []);
		progress.step("install", names.join(" "));
		return attempt(command, { ...options, onLine: (line) => progress.note(line) });
	};
	const needed = packages(true);
	const useful = packages(false).filter((name) => !needed.includes(name));
	if (needed.length > 0) {
		await timed(`install ${needed.length}`, progress, async () => {
			if ((await attemptInstall(needed)).status === 0) return;
			// A new machine has no package lists yet, or old ones that name files which are gone.
			const refresh = refreshCommand(distribution);
			if (refresh !== null) await run(asRoot(refresh), options);
			await run(asRoot(installCommand(needed, distribution) ?? []), options);
		});
	}
	for (const name of useful) {
		const { status } = await attemptInstall([name]);
		if (status !== 0)
			progress.warn(`${name} could not be installed: this release of the distribution may not have it`);
	}
}
