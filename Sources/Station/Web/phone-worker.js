// The phone's service worker: it keeps the phone's page and what that is made of, for when the station cannot be reached. While it
// can, everything comes from the station. What is scanned is no business of this worker: the page keeps it (phone-queue.js).
"use strict";

const version = "VERSION-OF-THE-ASSETS";
const cacheName = `custody-phone-${version}`;
// The page names a person, so it has a cache of its own that a new version takes over.
const pageCache = "custody-phone-page";
const page = "/phone";
const assets = ["/static/desk.css", "/static/desk.js", "/static/carton.js", "/static/signature.js", "/static/phone.js",
  "/static/phone-queue.js", "/static/phone-count.js", "/static/phone-sign.js", "/static/icon.svg", "/phone/app.webmanifest"];
// How long the station may take before what is kept is shown instead.
const patience = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(cacheName);
    await cache.addAll(assets.map((each) => new Request(each, { cache: "reload" })));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("custody-phone-") && name !== cacheName && name !== pageCache) await caches.delete(name);
    }
    await self.clients.claim();
    await keepPage();
  })());
});

self.addEventListener("message", (event) => { if (event.data === "keep") event.waitUntil(keepPage()); });

// The page that was open before this worker was is kept as well.
async function keepPage() {
  try {
    await take(await fetch(page, { credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout(patience) }));
  } catch { /* The network is down: the next opening keeps it. */ }
}

// Keeps a page that somebody is signed in on. One that leads to the sign-in page says that nobody is: then nobody's is kept, or
// scans would be taken for who has signed out.
async function take(answer) {
  const kept = await caches.open(pageCache);
  if (answer.type === "opaqueredirect" || answer.redirected || answer.status === 401) await kept.delete(page);
  else if (answer.ok) {
    const html = await answer.clone().text();
    try {
      await kept.put(page, answer.clone());
    } catch (error) {
      // No room. What is kept may stay as long as it is of the same person: what is scanned on it is taken for theirs.
      console.warn("The page cannot be kept for when the network is down.", error);
      const old = await (await kept.match(page, { ignoreVary: true }))?.text();
      if (old && personOf(old) !== personOf(html)) await kept.delete(page);
    }
    await keepWords(html);
  }
  return answer;
}

const personOf = (html) => /data-person="([^"]*)"/.exec(html)?.[1];

// What the scripts say in the language of the page that was kept, and in no other.
async function keepWords(html) {
  const path = /src="(\/static\/words\/[a-z]+)"/.exec(html)?.[1];
  const cache = await caches.open(cacheName);
  for (const each of await wordsIn(cache)) if (new URL(each.url).pathname !== path) await cache.delete(each);
  if (!path) return;
  try {
    await cache.add(path);
  } catch { /* The network went down between the two: the scripts speak English until it is back. */ }
}

async function wordsIn(cache) {
  return (await cache.keys()).filter((each) => new URL(each.url).pathname.startsWith("/static/words/"));
}

// The language of the page that was kept last, and its words: a script that begins with them as JSON. None for English.
async function keptWords() {
  try {
    const cache = await caches.open(cacheName);
    const [kept] = await wordsIn(cache);
    if (!kept) return { language: "en", words: {} };
    const script = await (await cache.match(kept)).text();
    return { language: kept.url.split("/").pop(), words: JSON.parse(script.slice(script.indexOf("{"), script.lastIndexOf("}") + 1)) };
  } catch {
    return { language: "en", words: {} };
  }
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && url.pathname === page) event.respondWith(open(event.request));
  else if (assets.includes(url.pathname) || url.pathname.startsWith("/static/words/")) event.respondWith(asset(event.request, url.pathname));
});

async function soon(request) {
  // A navigation cannot be asked anew with a signal, so the wait stands beside it.
  let timer;
  const late = new Promise((_, refuse) => { timer = setTimeout(() => refuse(new Error("The station does not answer.")), patience); });
  try {
    return await Promise.race([fetch(request), late]);
  } finally {
    clearTimeout(timer);
  }
}

async function open(request) {
  try {
    const answer = await soon(request);
    // A proxy that finds no station answers too; what is kept is better than its page.
    if (answer.status < 500) return await take(answer);
    return await caches.match(page, { cacheName: pageCache, ignoreVary: true }) ?? answer;
  } catch {
    return await caches.match(page, { cacheName: pageCache, ignoreVary: true }) ?? await nobody();
  }
}

async function nobody() {
  const { language, words } = await keptWords();
  const localized = (text) => words[text] ?? text;
  const html = `<!doctype html><html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Custody</title>`
    + `<link rel="stylesheet" href="/static/desk.css"><main class="page"><h1>Custody</h1><p>`
    + localized("The station cannot be reached, and nobody is signed in on this phone. What was scanned before is kept. Open the page again when the network is back.")
    + `</p><p><a class="button" href="/phone">${localized("Try again")}</a></p></main>`;
  return new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8" } });
}

async function asset(request, path) {
  try {
    const answer = await soon(request);
    if (answer.ok) {
      const copy = answer.clone();
      try {
        await (await caches.open(cacheName)).put(path, copy);
      } catch (error) {
        console.warn(`${path} cannot be kept for when the network is down.`, error);
      }
    }
    return answer;
  } catch (error) {
    const kept = await caches.match(path, { cacheName, ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
}
