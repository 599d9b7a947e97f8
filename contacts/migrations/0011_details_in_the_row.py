"""Details stay in the row of their contact, and a page keeps room for another version of it.

A document of the usual size stood in the TOAST table, so that each change rewrote its chunks, on
pages and in an index of their own. In the row, with pages filled to three fifths, a change writes
one page and no index (HOT). What is there already moves when it is next written.
"""

from django.db import migrations

FORWARD = "ALTER TABLE contacts_contact SET (toast_tuple_target = 8160, fillfactor = 60);"
REVERSE = "ALTER TABLE contacts_contact RESET (toast_tuple_target), SET (fillfactor = 80);"


class Migration(migrations.Migration):
    dependencies = [("contacts", "0010_values_are_counted_elsewhere")]

    operations = [migrations.RunSQL(FORWARD, REVERSE)]
