// The selected places of the grid: a click takes one, Shift a range, Ctrl adds one or takes it out.
import { signal } from "@preact/signals";

export class Selection {
  readonly places = signal<ReadonlySet<number>>(new Set());
  /** The place that has the focus. */
  readonly focus = signal(0);

  private anchor = 0;
  /** What was selected before the range that is being drawn. */
  private kept: ReadonlySet<number> = new Set();

  /** The only one selected. */
  only(place: number): void {
    this.kept = new Set();
    this.begin(place);
    this.places.value = new Set([place]);
  }

  /** Adds one or takes it out. */
  toggle(place: number): void {
    const places = new Set(this.places.value);
    if (!places.delete(place)) places.add(place);
    this.places.value = places;
    this.kept = places;
    this.begin(place);
  }

  /** Everything from where the range began, in the order of the queue. */
  extend(place: number): void {
    const places = new Set(this.kept);
    for (let i = Math.min(this.anchor, place); i <= Math.max(this.anchor, place); i++) places.add(i);
    this.places.value = places;
    this.focus.value = place;
  }

  /** Moves the focus and selects nothing. */
  move(place: number): void {
    this.kept = this.places.value;
    this.begin(place);
  }

  set(places: ReadonlySet<number>): void {
    this.places.value = places;
    this.kept = places;
  }

  private begin(place: number): void {
    this.anchor = place;
    this.focus.value = place;
  }
}
