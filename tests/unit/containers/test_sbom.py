"""The list of what the image holds names Debian's packages as others look them up."""

from deploy.sbom import debian_packages


def test_a_package_is_named_with_version_and_architecture() -> None:
    [package] = debian_packages(["libssl3\t3.0.15-1~deb12u1\tamd64"])

    assert str(package.purl) == "pkg:deb/debian/libssl3@3.0.15-1~deb12u1?arch=amd64"


def test_one_package_of_two_architectures_is_two() -> None:
    both = debian_packages(["libc6\t2.36-9\tamd64", "libc6\t2.36-9\ti386"])

    assert len({package.bom_ref.value for package in both}) == 2
