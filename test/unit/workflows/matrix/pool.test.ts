import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { JobShare, Once, pooled } from "../../../../src/workflows/matrix/pool.ts";

describe("the pool", () => {
	test("never more at once than allowed; answers in the order of the items", async () => {
		let running = 0;
		let most = 0;
		const answers = await pooled([5, 1, 3, 2, 4], 2, async (item) => {
			most = Math.max(most, ++running);
			await pause(item);
			running--;
			return item * 2;
		});
		expect(answers).toEqual([10, 2, 6, 4, 8]);
		expect(most).toBe(2);
	});

	test("after a failure nothing is begun, and what runs is waited for", async () => {
		const begun: number[] = [];
		let ended = false;
		const all = pooled([1, 2, 3, 4], 2, async (item) => {
			begun.push(item);
			if (item === 1) throw new Error("no");
			await pause(20);
			ended = true;
		});
		await expect(all).rejects.toThrow("no");
		expect(begun).toEqual([1, 2]);
		expect(ended).toBe(true);
	});

	test("one work a key", async () => {
		const once = new Once();
		let count = 0;
		const work = async () => ++count;
		expect(await Promise.all([once.do("a", work), once.do("a", work), once.do("b", work)])).toEqual([
			1, 1, 2,
		]);
	});

	test("jobs are divided between those that run", async () => {
		const share = new JobShare(8);
		const given: number[] = [];
		await Promise.all(
			[1, 2, 3].map(() =>
				share.with(async (jobs) => {
					given.push(jobs);
					await pause(5);
				}),
			),
		);
		await share.with(async (jobs) => given.push(jobs));
		expect(given).toEqual([8, 4, 2, 8]);
	});
});
