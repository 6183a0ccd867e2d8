"""Records and those that hang on them, read together: one query instead of one a kind."""


def joined(queryset, *paths):
    """The records of `queryset` and of each path from it, by key, a dictionary each.

    As select_related, but along relations to many as well.
    """
    models = [queryset.model, *(_model_at(queryset.model, path) for path in paths)]
    columns = [[field.attname for field in model._meta.concrete_fields] for model in models]
    prefixes = ["", *(f"{path}__" for path in paths)]
    names = [
        prefix + column for prefix, own in zip(prefixes, columns, strict=True) for column in own
    ]
    found = [{} for _model in models]
    for row in queryset.values_list(*names):
        start = 0
        for model, own, records in zip(models, columns, found, strict=True):
            values = row[start : start + len(own)]
            start += len(own)
            key = values[own.index(model._meta.pk.attname)]
            if key is not None and key not in records:
                records[key] = model.from_db(queryset.db, own, values)
    return found


def _model_at(model, path):
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model
    return model
