/**
 * Keeps the page's files, so that it works without a network: all files of one
 * version, or none. The build puts in the version and the names.
 */
const version = "VERSION", names = ["NAMES"];

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const kept = await caches.open(version);
    await kept.addAll(names);
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("nuclei-") && name !== version) {
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
