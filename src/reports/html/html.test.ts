import { describe, expect, it } from "vitest";
import { count, nats, points, rate } from "./format.js";
import { escapeHtml, html, trusted } from "./html.js";

describe("the HTML template", () => {
  it("escapes what is put in, in text and in attributes", () => {
    const hostile = `<img src=x onerror="alert('1')"> & more`;
    expect(html`<p title="${hostile}">${hostile}</p>`.markup).toBe(
      `<p title="${escapeHtml(hostile)}">${escapeHtml(hostile)}</p>`,
    );
    expect(escapeHtml(hostile)).toBe("&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; more");
  });

  it("keeps markup, joins lists, and takes null for nothing", () => {
    const items = ["a", "<"].map((text) => html`<li>${text}</li>`);
    expect(html`<ul>${items}${null}${trusted("<li/>")}${0}</ul>`.markup).toBe("<ul><li>a</li><li>&lt;</li><li/>0</ul>");
  });
});

describe("figures", () => {
  it("are written as people read them", () => {
    expect([points(0.09), points(-0.0251)]).toEqual(["+9.0 points", "\u22122.5 points"]);
    expect([count(50000), count(6580.4)]).toEqual(["50,000", "6,580"]);
    expect([nats(1.1), rate(0.1), rate(0.00050001), rate(0)]).toEqual(["1.100", "0.1", "0.0005", "0"]);
  });
});
