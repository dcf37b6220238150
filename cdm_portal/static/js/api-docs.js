// Draws the API's schema with the bundled Swagger UI; nothing comes from another host.
const target = document.getElementById("docs");
const place = document.createElement("div");
target.replaceChildren(place);
window.SwaggerUIBundle({ url: target.dataset.schema, domNode: place, deepLinking: true, validatorUrl: null });
