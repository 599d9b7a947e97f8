"""Profile pictures: which file of the storage is whose."""

from django.db import models

from contacts.models.contacts import Contact


class ContactPicture(models.Model):
    """The picture of a contact (P1). Its bytes are in the default storage under `file`, a random
    name of ours that is never used twice.
    """

    contact = models.OneToOneField(
        Contact, primary_key=True, on_delete=models.PROTECT, related_name="picture"
    )
    file = models.CharField(max_length=100, unique=True)
    stored_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"picture of {self.contact_id}"
