"""One function per thing a person does; here rate and stress meet."""
