// The page of `selfadapt studio`.
import { render } from "preact";
import { listenForKeys } from "./app/keys.js";
import { App } from "./app.js";

listenForKeys();
render(<App />, document.body);
