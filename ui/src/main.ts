import { mount } from "svelte";
import App from "./App.svelte";
import "./styles/palette.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/layout.css";
import "./styles/tones.css";

const target = document.getElementById("app");
if (target) mount(App, { target });
