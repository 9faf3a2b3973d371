// Passkeys: asks the browser's authenticator, puts its answer into the form and sends it. Without script, or in a
// browser that does not know passkeys, the buttons stay hidden and the passphrase does.
"use strict";
{
  const known = window.PublicKeyCredential;

  function send(form, field, credential) {
    const input = form.elements.namedItem(field);
    input.disabled = false;
    input.value = JSON.stringify(credential.toJSON());
    form.submit();
  }

  function explain(button, failure) {
    const place = document.createElement("p");
    place.className = "beside";
    place.setAttribute("role", "alert");
    place.textContent = failure.name === "NotAllowedError" ? "No passkey was used." : `That did not work: ${failure.message}`;
    button.parentNode.querySelector("[role=alert]")?.remove();
    button.after(place);
  }

  function offer(selector, needed, work) {
    for (const button of known && needed in known ? document.querySelectorAll(selector) : []) {
      button.hidden = false;
      button.addEventListener("click", () => work(button).catch((failure) => explain(button, failure)));
    }
  }

  offer("[data-passkey-get]", "parseRequestOptionsFromJSON", async (button) => {
    const publicKey = known.parseRequestOptionsFromJSON(JSON.parse(button.dataset.passkeyGet));
    send(button.form, "confirm_passkey", await navigator.credentials.get({ publicKey }));
  });
  offer("[data-passkey-create]", "parseCreationOptionsFromJSON", async (button) => {
    const publicKey = known.parseCreationOptionsFromJSON(JSON.parse(button.dataset.passkeyCreate));
    send(button.form, "passkey", await navigator.credentials.create({ publicKey }));
  });
}
