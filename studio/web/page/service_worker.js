/**
 * Keeps the page's files, so that it works without a network: all files of one
 * version, or none. The build puts in the version, the names and the hashes.
 */
const files = ["FILES"];
// Another folder of the same host may have a page of its own.
const own = `${self.registration.scope} `, version = own + "VERSION";

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const kept = await caches.open(version);
    // From the host itself: the browser may hold files of an earlier version.
    // A host that has not replaced all of its files yet is asked another time.
    await kept.addAll(
      files.map(([name, integrity]) =>
        new Request(name, { cache: "reload", integrity })
      ),
    );
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith(own) && name !== version) {
        await caches.delete(name);
      }
    }
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  event.respondWith((async () => {
    const kept = await caches.open(version);
    const found = await kept.match(event.request, { ignoreSearch: true });
    return found ?? await fetch(event.request);
  })());
});
