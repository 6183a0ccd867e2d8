"""Staff: `role` is the name of a group; every password is "password"."""

import factory
from django.contrib.auth.models import Group, User


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence("user{}".format)
    password = factory.django.Password("password")
    is_staff = True

    @factory.post_generation
    def role(user, create, name):
        if name:
            user.groups.add(Group.objects.get(name=name))
