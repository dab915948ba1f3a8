// The link's secret sits in the fragment, which no server sees; it is exchanged once, by POST.
const state = document.getElementById("state");
const token = new URLSearchParams(location.hash.slice(1)).get("token");

async function show(answer) {
  const body = await answer.json();
  state.textContent = answer.ok ? `You are signed in as ${body.user?.name ?? body.name}.` : body.detail;
}

if (token) {
  history.replaceState(null, "", location.pathname);
  state.textContent = "Signing in…";
  await show(
    await fetch("/api/v1/session/link", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token }),
    }),
  );
} else {
  const answer = await fetch("/api/v1/session");
  if (answer.ok) await show(answer);
}
