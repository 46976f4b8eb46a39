// Keeps the page for readers without a network: one release of it, whole (docs/site.md, Without a network).
//
// A release is a set of files. Their names have its hash in them; only the page's own address is the same in every release. So
// no page can be given a file of another release, and a name that is not among these files is none of this release's.

// The build writes both (`crates/xtask/src/release.rs`). For a site that is not optimised there are no files: then this worker takes
// itself away.
const RELEASE = "none", FILES = [];

const PAGE = new URL("./", location).href;
const known = new Set(FILES.map((file) => new URL(file, location).href));
// All sites of a host share its caches.
const OURS = `tlbscope ${PAGE} `, NAME = OURS + RELEASE;
// The name of a file of any release.
const HASHED = /-[0-9a-f]{16}\.[a-z]+$/;

// A file of this release. A host in the middle of an update may still have another page, and a cache on the way may have kept an
// error.
const fetched = async (address) => {
  for (const cache of address === PAGE ? ["reload"] : ["default", "reload"]) {
    const answer = await fetch(address, { cache });
    const whole = answer.ok && !answer.redirected;
    if (whole && (address !== PAGE || (await answer.clone().text()).includes(RELEASE))) return answer;
  }
  throw new Error(`${address} is not of this release`);
};

// All or nothing: where a file does not come, the browser tries again at another visit.
const take = async () => {
  try {
    const cache = await caches.open(NAME);
    await Promise.all([...known].map(async (address) => cache.put(address, await fetched(address))));
  } catch (why) {
    await caches.delete(NAME);
    throw why;
  }
};

// Older releases go when at most so many pages are open: a page that is open asks for parts of its own release. Newer ones stay: they
// wait. Browsers name caches in the order in which they were made.
const sweep = async (most) => {
  if ((await clients.matchAll({ type: "window" })).length > most) return;
  const names = await caches.keys();
  const older = names.slice(0, Math.max(0, names.indexOf(NAME))).filter((name) => name.startsWith(OURS));
  await Promise.all(older.map((name) => caches.delete(name)));
};

// Nothing is kept any more, and open pages ask the host.
const leave = async () => {
  await registration.unregister();
  await Promise.all((await caches.keys()).filter((name) => name.startsWith(OURS)).map((name) => caches.delete(name)));
  for (const page of await clients.matchAll({ type: "window" })) page.navigate(page.url).catch(() => {});
};

// Where the host has no such worker any more, it has something else at this address, such as another program on this machine. The
// next visit gets that.
const check = async () => {
  const answer = await fetch(location, { cache: "no-store" }).catch(() => undefined);
  if (answer?.status === 404 || answer?.status === 410 || (answer?.ok && !answer.headers.get("Content-Type")?.includes("javascript"))) {
    await registration.unregister();
  }
};

// A page that was open before this release came has its parts in the cache of its own.
const answer = async (address, request) => {
  const kept = (cacheName) => caches.match(address, { cacheName, ignoreVary: true });
  return (await kept(NAME)) ?? (HASHED.test(address) ? await kept() : undefined) ?? fetch(request);
};

addEventListener("install", (event) => event.waitUntil(FILES.length ? take() : skipWaiting()));
// The page of the first visit began without a worker. It has one now: what it asks for later needs no network either.
addEventListener("activate", (event) => event.waitUntil(FILES.length ? sweep(0).then(() => clients.claim()) : leave()));
addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const address = url.split(/[?#]/)[0].replace(/\/index\.html$/, "/");
  if (!FILES.length || method !== "GET" || !(known.has(address) || (address.startsWith(PAGE) && HASHED.test(address)))) return;
  event.respondWith(answer(address, event.request));
  if (mode === "navigate") event.waitUntil(check());
});
// From a page: its reader wants this release now; or it has begun, in the release that it names.
addEventListener("message", (event) => {
  if (event.data === "switch") event.waitUntil(skipWaiting());
  if (event.data?.begun === RELEASE) event.waitUntil(sweep(1));
});
