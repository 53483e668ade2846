"""The calls about the company itself: departments, locations, users, sources and archive reasons."""

from collections.abc import Iterable
from typing import Any, Literal

from msgspec import UNSET, UnsetType, to_builtins

from polyhire.simulators.tables import Row

from . import shapes
from .bodies import Body, Email, Id, Paged, PostalAddress, Text, given
from .calls import Call, archivable, listing
from .records import Records, invalid


class _OfDepartment(Body):
    department_id: Id


# inferred: the sheet names the writes of departments and locations, and not their keys
class _DepartmentCreate(Body):
    name: Text
    external_name: Text | UnsetType = UNSET
    parent_id: Id | UnsetType = UNSET


class _DepartmentUpdate(Body):
    department_id: Id
    name: Text | UnsetType = UNSET
    external_name: Text | UnsetType | None = UNSET


class _DepartmentMove(Body):
    department_id: Id
    parent_id: Id | None


class _OfLocation(Body):
    location_id: Id


class _Address(Body):
    postal_address: PostalAddress


class _LocationCreate(Body):
    name: Text
    type: Literal["Location", "LocationHierarchy"]
    address: _Address | UnsetType = UNSET
    parent_location_id: Id | UnsetType = UNSET
    is_remote: bool = False


class _LocationName(Body):
    location_id: Id
    name: Text


class _LocationAddress(Body):
    location_id: Id
    address: _Address


class _Users(Paged):
    include_deactivated: bool = False


class _OfUser(Body):
    user_id: Id


class _UserSearch(Body):
    email: Email


class _Archivable(Body):
    include_archived: bool = False


def _department_info(records: Records, body: _OfDepartment) -> Any:
    return shapes.department(records, records.get("department", body.department_id))


def _create_department(records: Records, body: _DepartmentCreate) -> Any:
    records.check("department", body.parent_id)
    moment = records.moment()
    row = {
        "name": body.name,
        "externalName": body.external_name or None,
        "isArchived": False,
        "parentId": body.parent_id or None,
        "createdAt": moment,
        "updatedAt": moment,
    }
    return shapes.department(records, records.add("department", row))


def _update_department(records: Records, body: _DepartmentUpdate) -> Any:
    changes = given(name=body.name, externalName=body.external_name)
    return shapes.department(records, records.change("department", body.department_id, **changes))


def _move_department(records: Records, body: _DepartmentMove) -> Any:
    above = body.parent_id
    while above:
        if above == body.department_id:
            raise invalid("A department can't be a part of itself")
        above = records.get("department", above)["parentId"]
    moved = records.change("department", body.department_id, parentId=body.parent_id)
    return shapes.department(records, moved)


def _archive_department(records: Records, body: _OfDepartment) -> Any:
    return shapes.department(records, records.change("department", body.department_id, isArchived=True))


def _restore_department(records: Records, body: _OfDepartment) -> Any:
    return shapes.department(records, records.change("department", body.department_id, isArchived=False))


def _location_info(records: Records, body: _OfLocation) -> Any:
    return shapes.location(records, records.get("location", body.location_id))


def _create_location(records: Records, body: _LocationCreate) -> Any:
    records.check("location", body.parent_location_id)
    row = {
        "name": body.name,
        "isArchived": False,
        "isRemote": body.is_remote,
        "workplaceType": "Remote" if body.is_remote else "OnSite",
        "parentLocationId": body.parent_location_id or None,
        "type": body.type,
        "address": None if body.address is UNSET else to_builtins(body.address),
    }
    return shapes.location(records, records.add("location", row))


def _archive_location(records: Records, body: _OfLocation) -> Any:
    return shapes.location(records, records.change("location", body.location_id, isArchived=True))


def _rename_location(records: Records, body: _LocationName) -> Any:
    return shapes.location(records, records.change("location", body.location_id, name=body.name))


def _readdress_location(records: Records, body: _LocationAddress) -> Any:
    address = to_builtins(body.address)
    return shapes.location(records, records.change("location", body.location_id, address=address))


def _users(records: Records, body: _Users) -> Iterable[Row]:
    return (row for row in records.rows("user") if body.include_deactivated or row["isEnabled"])


def _user_info(records: Records, body: _OfUser) -> Any:
    return shapes.user(records, records.get("user", body.user_id))


def _search_users(records: Records, body: _UserSearch) -> Any:
    # inferred: an address is compared as a whole, whatever its case
    wanted = body.email.lower()
    return [shapes.user(records, row) for row in records.rows("user") if row["email"].lower() == wanted]


def _archive_reasons(records: Records, body: _Archivable) -> Any:
    rows = records.rows("archive_reason")
    return [shapes.archive_reason(records, row) for row in rows if body.include_archived or not row["isArchived"]]


READ, WRITE = "organizationRead", "organizationWrite"
CALLS = (
    archivable("department.list", READ, "department", shapes.department),
    Call("department.info", READ, _OfDepartment, _department_info),
    Call("department.create", WRITE, _DepartmentCreate, _create_department),
    Call("department.update", WRITE, _DepartmentUpdate, _update_department),
    Call("department.move", WRITE, _DepartmentMove, _move_department),
    Call("department.archive", WRITE, _OfDepartment, _archive_department),
    Call("department.restore", WRITE, _OfDepartment, _restore_department),
    archivable("location.list", READ, "location", shapes.location),
    Call("location.info", READ, _OfLocation, _location_info),
    Call("location.create", WRITE, _LocationCreate, _create_location),
    Call("location.archive", WRITE, _OfLocation, _archive_location),
    Call("location.updateName", WRITE, _LocationName, _rename_location),
    Call("location.updateAddress", WRITE, _LocationAddress, _readdress_location),
    listing("user.list", READ, _Users, _users, shapes.user),
    Call("user.info", READ, _OfUser, _user_info),
    Call("user.search", READ, _UserSearch, _search_users),
    archivable("source.list", "hiringProcessMetadataRead", "source", shapes.source),
    Call("archiveReason.list", "hiringProcessMetadataRead", _Archivable, _archive_reasons),
)
