import { describe, expect, it } from "vitest";
import type { Decision, QueueItem } from "../../api.js";
import { PAGE_SIZE, Snapshot } from "./snapshot.js";

const right: Decision = { verdict: "right", label: null, reviewer: "me", time: "" };
const later: Decision = { ...right, verdict: "later" };

/** A server's queue of samples 0, 10, 20, ...; those decided leave it, and those to look at later go to its end. */
function serverOf(n: number) {
  const decided = new Set<number>();
  const putOff = new Set<number>();
  const requests: number[] = [];
  const load = async (offset: number, limit: number) => {
    requests.push(offset);
    const open = Array.from({ length: n }, (_, i) => 10 * i).filter((sample) => !decided.has(sample));
    const queue = [...open.filter((sample) => !putOff.has(sample)), ...open.filter((sample) => putOff.has(sample))];
    const items = queue.map((sample) => ({ sample, decision: putOff.has(sample) ? later : null }) as QueueItem);
    return { total: items.length, items: items.slice(offset, offset + limit), place: null };
  };
  return { decided, putOff, requests, load };
}

describe("a queue on the page", () => {
  it("loads each page once, and only those that are looked at", async () => {
    const { load, requests } = serverOf(1000);
    const queue = new Snapshot({ load, loses: true });
    await Promise.all([queue.ensure(0, 5), queue.ensure(3, PAGE_SIZE)]);
    await queue.ensure(950, 2000);
    expect(requests).toEqual([0, PAGE_SIZE, 900]);
    expect(queue.total.value).toBe(1000);
    expect(queue.at(999)?.sample).toBe(9990);
    expect(queue.at(500)).toBeUndefined();
  });

  it("keeps every sample in its place while those decided leave the server's queue", async () => {
    const { load, decided, putOff } = serverOf(300);
    const queue = new Snapshot({ load, loses: true });
    await queue.ensure(0, 0);
    for (const sample of [0, 10, 20]) {
      decided.add(sample);
      queue.apply(new Map([[sample, right]]));
    }
    putOff.add(30);
    queue.apply(new Map([[30, later]]));
    await queue.ensure(PAGE_SIZE, 299);
    expect(Array.from({ length: 300 }, (_, i) => queue.at(i)?.sample)).toEqual(
      Array.from({ length: 300 }, (_, i) => 10 * i),
    );
    expect(queue.at(1)?.decision).toEqual(right);
    queue.apply(new Map([[10, null]]));
    expect(queue.at(1)?.decision).toBeNull();
    expect(queue.placeOf(10)).toBe(1);
  });

  it("has a sample again that is shown again blind, and holes where the server's queue has moved", async () => {
    const pages = [
      [1, 2, 3],
      [2, 3],
      [3, 4],
    ].map((samples, page) => samples.map((sample) => ({ sample, again: page === 2 && sample === 3 }) as QueueItem));
    const load = async (offset: number) => ({
      total: 3 * PAGE_SIZE,
      place: null,
      items: pages[Math.ceil(offset / PAGE_SIZE)] ?? [],
    });
    const queue = new Snapshot({ load, loses: true });
    await queue.ensure(0, 250);
    expect([0, 1, 2, 100, 200, 201].map((place) => queue.at(place)?.sample)).toEqual([1, 2, 3, undefined, 3, 4]);
    expect([2, 3, 100, 200, 300].map((place) => queue.isHole(place))).toEqual([false, true, true, false, false]);
    queue.apply(new Map([[3, right]]));
    expect([queue.at(2)?.decision, queue.at(200)?.decision]).toEqual([undefined, right]);
  });

  it("keeps those to look at later in their places at its end", async () => {
    const { load, putOff } = serverOf(250);
    for (const sample of [0, 10]) putOff.add(sample);
    const queue = new Snapshot({ load, loses: true });
    await queue.ensure(200, 249);
    queue.apply(new Map([[10, later]]));
    await queue.ensure(0, 249);
    expect([0, 247, 248, 249].map((place) => queue.at(place)?.sample)).toEqual([20, 2490, 0, 10]);
  });

  it("goes on at its end with samples whose places were taken by blind repeats", async () => {
    const repeated = [10, 20];
    const { load, decided } = serverOf(300);
    const again = async (offset: number, limit: number) => {
      const { total, items } = await load(offset, limit);
      const repeats = repeated.map((sample) => ({ sample, again: true }) as QueueItem);
      const extra = decided.size > 0 && offset > 0 ? repeats : [];
      return { total: total + extra.length, items: [...extra, ...items].slice(0, limit), place: null };
    };
    const queue = new Snapshot({ load: again, loses: true });
    await queue.ensure(0, 99);
    for (const sample of [10, 20]) {
      decided.add(sample);
      queue.apply(new Map([[sample, right]]));
    }
    await queue.ensure(100, 299);
    const placed = () => new Set(Array.from({ length: queue.total.value! }, (_, place) => queue.at(place)?.sample));
    expect([queue.total.value, placed().has(2980)]).toEqual([300, false]);
    await queue.extend();
    expect(placed().has(2980) && placed().has(2990)).toBe(true);
    const total = queue.total.value;
    await queue.extend();
    expect(queue.total.value).toBe(total);
  });

  it("requests a page again after a failure", async () => {
    let fails = true;
    const { load } = serverOf(10);
    const queue = new Snapshot({
      loses: true,
      load: (offset, limit) => (fails ? Promise.reject(new Error("unreachable")) : load(offset, limit)),
    });
    await queue.ensure(0, 0);
    expect(queue.error.value?.message).toBe("unreachable");
    fails = false;
    await queue.ensure(0, 0);
    expect(queue.error.value).toBeNull();
    expect(queue.at(9)?.sample).toBe(90);
  });
});
