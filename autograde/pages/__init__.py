"""What all pages share: `render` makes them; `base.html.j2` is their frame, `page.css` their colours."""
