// One connection to the server for all tabs that show a page. A tab that comes says how many
// moments it has; then the connection begins anew behind them, for all.
import { follow } from "./feed.js";

/** @type {Set<MessagePort>} */ const tabs = new Set();
let end = () => {};
/** @type {any} */ (self).onconnect = ({ ports: [tab] }) => {
  tab.onmessage = ({ data }) => {
    if (data === "leaves") tabs.delete(tab);
    else tabs.add(tab);
    if (data !== "leaves" || tabs.size === 0) end();
    if (data !== "leaves") end = follow((...event) => { for (const to of tabs) to.postMessage(event); }, data);
  };
};
